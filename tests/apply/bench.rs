//! How long an apply takes, printed with `--nocapture`; asserts only what the main job promises for an office of 100.

use cordboard::apply::Outcome;

use crate::lab::Lab;

#[tokio::test(flavor = "multi_thread")]
async fn one_more_phone_in_an_office_of_a_hundred_is_quick() {
    let lab = Lab::new(1000..1100);
    let handle = lab.start().await;
    let mut times = Vec::new();
    for number in 2000..2011 {
        let status = lab
            .change(&handle, |office| office.phones.push((number.to_string(), format!("p{number}"))))
            .await;
        assert_eq!(status.outcome, Outcome::Applied, "{status:?}");
        times.push(status.duration_ms);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "apply at 100 phones: median {:.1} ms, worst {:.1} ms",
        times[times.len() / 2],
        times[times.len() - 1]
    );
    handle.stop().await;
}
