//! WAV files that are sent in: which ones are taken, and the form in which Asterisk plays them.

/// Bytes of the head of a file that [`Wav::for_asterisk`] makes.
const HEAD: u32 = 44;
const PCM: u16 = 1;
/// A format whose real number stands further behind.
const EXTENSIBLE: u16 = 0xfffe;

/// A sound of one channel, linear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wav<'a> {
    /// Samples a second: 8000 or 16000.
    pub rate: u32,
    /// 8 or 16.
    bits: u16,
    samples: &'a [u8],
}

impl<'a> Wav<'a> {
    /// Reads a mono WAV file of 8 or 16 kHz and at most 16 bits; nothing for any other, and for one without sound.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
            return None;
        }
        let mut rest = bytes.get(12..)?;
        let mut format = None;
        loop {
            let name = rest.get(..4)?;
            let size = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
            let body = rest.get(8..)?;
            match (name, &format) {
                (b"fmt ", _) => format = Some(Format::read(body.get(..size)?)?),
                (b"data", Some(Format { rate, bits })) => {
                    // Recorders that were cut off leave a length that is too great.
                    let samples = body.get(..size.min(body.len()))?;
                    let whole = samples.len() - samples.len() % usize::from(bits / 8);
                    let samples = samples.get(..whole).filter(|samples| !samples.is_empty())?;
                    return Some(Wav { rate: *rate, bits: *bits, samples });
                }
                _ => {}
            }
            // Chunks begin at even places.
            rest = body.get(size.checked_add(size % 2)?..)?;
        }
    }

    /// The extension by which Asterisk knows the rate.
    pub fn extension(rate: u32) -> &'static str {
        if rate == 16_000 { "wav16" } else { "wav" }
    }

    /// The file in the one form that Asterisk plays: 16 bits, nothing but format and sound.
    pub fn for_asterisk(&self) -> Vec<u8> {
        // 8 bits have their silence at 128.
        let wide = |byte: &u8| ((i16::from(*byte) - 128) << 8).to_le_bytes();
        let samples =
            if self.bits == 8 { self.samples.iter().flat_map(wide).collect() } else { self.samples.to_vec() };
        let size = u32::try_from(samples.len()).unwrap_or(u32::MAX - HEAD);
        let mut file = Vec::with_capacity(samples.len() + 44);
        file.extend_from_slice(b"RIFF");
        file.extend_from_slice(&(size + HEAD - 8).to_le_bytes());
        file.extend_from_slice(b"WAVEfmt ");
        file.extend_from_slice(&16_u32.to_le_bytes());
        file.extend_from_slice(&PCM.to_le_bytes());
        file.extend_from_slice(&1_u16.to_le_bytes());
        file.extend_from_slice(&self.rate.to_le_bytes());
        file.extend_from_slice(&(self.rate * 2).to_le_bytes());
        file.extend_from_slice(&2_u16.to_le_bytes());
        file.extend_from_slice(&16_u16.to_le_bytes());
        file.extend_from_slice(b"data");
        file.extend_from_slice(&size.to_le_bytes());
        file.extend_from_slice(&samples);
        file
    }
}

struct Format {
    rate: u32,
    bits: u16,
}

impl Format {
    fn read(body: &[u8]) -> Option<Self> {
        let short = |at: usize| Some(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?));
        let kind = match short(0)? {
            EXTENSIBLE => short(24)?,
            kind => kind,
        };
        let rate = u32::from_le_bytes(body.get(4..8)?.try_into().ok()?);
        let (channels, bits) = (short(2)?, short(14)?);
        let taken = kind == PCM && channels == 1 && matches!(rate, 8000 | 16_000) && matches!(bits, 8 | 16);
        taken.then_some(Format { rate, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(kind: u16, channels: u16, rate: u32, bits: u16, samples: &[u8]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt ".to_vec();
        bytes.extend_from_slice(&16_u32.to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&channels.to_le_bytes());
        bytes.extend_from_slice(&rate.to_le_bytes());
        bytes.extend_from_slice(&[0; 6]);
        bytes.extend_from_slice(&bits.to_le_bytes());
        bytes.extend_from_slice(b"data");
        bytes.extend_from_slice(&u32::try_from(samples.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(samples);
        bytes
    }

    #[test]
    fn only_mono_files_of_telephones_are_taken() {
        let sound = [1, 2, 3, 4];
        for (rate, bits) in [(8000, 8), (8000, 16), (16_000, 8), (16_000, 16)] {
            let bytes = file(1, 1, rate, bits, &sound);
            assert_eq!(Wav::read(&bytes).map(|wav| (wav.rate, wav.bits)), Some((rate, bits)));
        }
        for bytes in [
            file(1, 2, 8000, 16, &sound),
            file(1, 1, 44_100, 16, &sound),
            file(1, 1, 8000, 24, &sound),
            file(7, 1, 8000, 8, &sound),
            file(1, 1, 8000, 16, &[1]),
            b"ID3".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(Wav::read(&bytes), None);
        }
    }

    #[test]
    fn what_asterisk_plays_is_read_back_the_same() {
        let bytes = file(1, 1, 8000, 8, &[128, 255, 0]);
        let made = Wav::read(&bytes).unwrap().for_asterisk();
        let again = Wav::read(&made).unwrap();
        assert_eq!((again.rate, again.bits, again.samples), (8000, 16, &[0, 0, 0, 127, 0, 128][..]));
        assert_eq!(again.for_asterisk(), made);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(at in 0usize..60, with in any::<u32>(), cut in 0usize..80) {
            let mut bytes = file(1, 1, 8000, 16, &[0; 32]);
            if let Some(place) = bytes.get_mut(at..at + 4) {
                place.copy_from_slice(&with.to_le_bytes());
            }
            bytes.truncate(cut);
            let _ = Wav::read(&bytes).map(|wav| wav.for_asterisk());
        }
    }
}
