//! General settings of Asterisk that have an effect on calls: which options are known, and what each may be. Values that
//! pass here are taken by Asterisk 22; others never reach a file, so none can keep it from starting.

/// A set of options of the API.
#[derive(Debug)]
pub struct Area {
    /// Below `/1.1`.
    pub path: &'static str,
    pub summary: &'static str,
    /// What holds until somebody writes it.
    pub seed: &'static [(&'static str, &'static str)],
    /// Other options are kept, and have no effect.
    pub known: &'static [(&'static str, Shape)],
}

/// What the value of an option may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    Flag,
    /// A whole number from the first to the second.
    Number(u32, u32),
    OneOf(&'static [&'static str]),
    /// What is typed in a call; empty: nothing does it.
    Keys,
    /// A sound's name or path.
    Sound,
    /// Keys, then anything: `*3,self,…`; only the keys count.
    Typed,
}

const fn flag(name: &'static str) -> (&'static str, Shape) {
    (name, Shape::Flag)
}

const fn sound(name: &'static str) -> (&'static str, Shape) {
    (name, Shape::Sound)
}

const fn keys(name: &'static str) -> (&'static str, Shape) {
    (name, Shape::Keys)
}

const SECONDS: Shape = Shape::Number(0, 3600);

/// The sets, each at its place in the model.
pub static AREAS: [Area; 5] = [
    Area {
        path: "/asterisk/confbridge/wazo_default_bridge",
        summary: "the options of every conference",
        seed: &[],
        known: &[
            ("internal_sample_rate", Shape::OneOf(&["auto", "8000", "16000", "24000", "32000", "48000"])),
            ("maximum_sample_rate", Shape::OneOf(&["none", "8000", "16000", "24000", "32000", "48000"])),
            ("mixing_interval", Shape::OneOf(&["10", "20", "40", "80"])),
            flag("enable_events"),
            sound("sound_join"),
            sound("sound_leave"),
            sound("sound_has_joined"),
            sound("sound_has_left"),
            sound("sound_kicked"),
            sound("sound_muted"),
            sound("sound_unmuted"),
            sound("sound_only_person"),
            sound("sound_only_one"),
            sound("sound_there_are"),
            sound("sound_other_in_party"),
            sound("sound_place_into_conference"),
            sound("sound_wait_for_leader"),
            sound("sound_leader_has_left"),
            sound("sound_locked"),
            sound("sound_locked_now"),
            sound("sound_unlocked_now"),
            sound("sound_error_menu"),
            sound("sound_begin"),
        ],
    },
    Area {
        path: "/asterisk/confbridge/wazo_default_user",
        summary: "the options of everybody in a conference",
        seed: &[("dsp_drop_silence", "yes"), ("talk_detection_events", "yes")],
        known: &[
            flag("startmuted"),
            flag("announce_user_count_all"),
            flag("wait_marked"),
            flag("end_marked"),
            flag("dsp_drop_silence"),
            ("dsp_talking_threshold", Shape::Number(1, 32_767)),
            ("dsp_silence_threshold", Shape::Number(1, 60_000)),
            flag("talk_detection_events"),
            flag("denoise"),
            flag("jitterbuffer"),
            flag("dtmf_passthrough"),
            flag("hear_own_join_sound"),
            flag("announce_join_leave_review"),
            ("timeout", Shape::Number(0, 86_400)),
            sound("announcement"),
        ],
    },
    Area {
        path: "/asterisk/features/general",
        summary: "the general options of what is typed in a call",
        seed: &[
            ("atxferabort", "*0"),
            ("atxfercallbackretries", "2"),
            ("atxferdropcall", "no"),
            ("atxferloopdelay", "10"),
            ("atxfernoanswertimeout", "15"),
            ("featuredigittimeout", "1500"),
            ("pickupexten", "*8"),
            ("transferdigittimeout", "5"),
        ],
        known: &[
            ("transferdigittimeout", SECONDS),
            ("featuredigittimeout", Shape::Number(1, 60_000)),
            ("atxfernoanswertimeout", SECONDS),
            ("atxferloopdelay", SECONDS),
            ("atxfercallbackretries", Shape::Number(0, 100)),
            ("transferdialattempts", Shape::Number(1, 20)),
            flag("atxferdropcall"),
            keys("atxferabort"),
            keys("atxfercomplete"),
            keys("atxferthreeway"),
            keys("atxferswap"),
            keys("pickupexten"),
            sound("courtesytone"),
            sound("recordingfailsound"),
            sound("xfersound"),
            sound("xferfailsound"),
            sound("pickupsound"),
            sound("pickupfailsound"),
            sound("transferretrysound"),
            sound("transferinvalidsound"),
            sound("transferannouncesound"),
        ],
    },
    Area {
        path: "/asterisk/features/featuremap",
        summary: "what is typed in a call",
        seed: &[("atxfer", "*2"), ("blindxfer", "*1"), ("disconnect", "*0")],
        known: &[keys("atxfer"), keys("blindxfer"), keys("disconnect")],
    },
    Area {
        path: "/asterisk/features/applicationmap",
        summary: "what else is typed in a call",
        seed: &[("togglerecord", "*3,self,Gosub(cordboard-toggle-record,s,1)")],
        known: &[("togglerecord", Shape::Typed)],
    },
];

/// Places in [`AREAS`].
pub const BRIDGE: usize = 0;
pub const USER: usize = 1;
pub const FEATURES: usize = 2;
pub const FEATURE_MAP: usize = 3;
pub const APPLICATION_MAP: usize = 4;

impl Area {
    /// What the option may be, when it is known.
    pub fn shape(&self, name: &str) -> Option<Shape> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
    }
}

impl Shape {
    /// True for a value that Asterisk takes.
    pub fn takes(self, value: &str) -> bool {
        match self {
            Shape::Flag => ["yes", "no", "true", "false", "on", "off", "1", "0"]
                .contains(&value.to_ascii_lowercase().as_str()),
            Shape::Number(first, last) => {
                let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                digits && value.parse().is_ok_and(|number: u32| (first..=last).contains(&number))
            }
            Shape::OneOf(choices) => choices.contains(&value),
            Shape::Keys => {
                value.len() <= 11 && value.bytes().all(|b| b.is_ascii_digit() || b"*#ABCD".contains(&b))
            }
            Shape::Sound => {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
                !value.is_empty() && value.len() <= 255 && value.bytes().all(plain) && !value.contains("..")
            }
            Shape::Typed => {
                let keys = value.split(',').next().unwrap_or_default();
                !keys.is_empty() && Shape::Keys.takes(keys)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_is_known_and_taken() {
        for area in &AREAS {
            for (name, value) in area.seed {
                assert!(area.shape(name).is_some_and(|shape| shape.takes(value)), "{name} = {value}");
            }
        }
    }

    #[test]
    fn what_would_keep_asterisk_from_starting_is_not_taken() {
        let bad = [
            (Shape::Flag, "maybe"),
            (Shape::Number(1, 10), "11"),
            (Shape::Number(1, 10), "-1"),
            (Shape::Number(0, 10), ""),
            (Shape::Number(0, u32::MAX), "99999999999"),
            (Shape::Keys, "*1,self"),
            (Shape::Keys, "123456789012"),
            (Shape::Sound, "../x"),
            (Shape::Sound, "a;b"),
            (Shape::Sound, "a&b"),
            (Shape::Typed, "x,self,System(reboot)"),
            (Shape::Typed, ",self"),
        ];
        for (shape, value) in bad {
            assert!(!shape.takes(value), "{shape:?} {value}");
        }
        assert!(Shape::Typed.takes("*3,self,anything at all") && Shape::Keys.takes(""));
    }
}
