//! Instants on clocks: from what is typed to milliseconds since 1970 and back, with the days on which clocks change.
//! The offsets of the browser's zone come in through [`Zone`], so that everything here runs anywhere.

/// A time zone: how far its clock is ahead of UTC at an instant.
pub trait Zone {
    /// Seconds ahead of UTC at `epoch_ms`; negative in the west.
    fn offset_seconds(&self, epoch_ms: i64) -> i32;
}

/// A zone that never changes its clock, given in seconds ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed(pub i32);

impl Zone for Fixed {
    fn offset_seconds(&self, _epoch_ms: i64) -> i32 {
        self.0
    }
}

/// UTC.
pub const UTC: Fixed = Fixed(0);
/// China Standard Time, GMT+8, without clock changes.
pub const BEIJING: Fixed = Fixed(8 * 3600);

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A date and a time of day as a clock shows them, in no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// 1 to 9999: what `<input type="datetime-local">` can hold.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999.
    pub millisecond: u32,
}

/// Days since 1970-01-01 of a proleptic Gregorian date, by counting from 1 March so that the leap day comes last.
fn days_from_date(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn date_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = ((shifted_month + 2) % 12 + 1) as u32;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The number that a few digits are.
fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

impl Civil {
    /// Reads `2026-11-22T19:00`, with optional seconds and milliseconds; a blank may stand for the `T`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Civil> {
        // Where each number begins, and what may stand before it.
        const NUMBERS: [(usize, &str); 6] = [(0, ""), (5, "-"), (8, "-"), (11, "T "), (14, ":"), (17, ":")];
        let text = text.trim();
        let (clock, millisecond) = match text.split_once('.') {
            Some((clock, fraction)) if clock.len() == 19 => {
                let scale = [100, 10, 1].get(fraction.len().checked_sub(1)?)?;
                (clock, digits(fraction)? * scale)
            }
            Some(_) => return None,
            None => (text, 0),
        };
        if clock.len() != 16 && clock.len() != 19 {
            return None;
        }
        let mut numbers = [0; 6];
        for (number, (start, before)) in numbers.iter_mut().zip(NUMBERS) {
            if start > clock.len() {
                break;
            }
            if start > 0 && !before.as_bytes().contains(clock.as_bytes().get(start - 1)?) {
                return None;
            }
            *number = digits(clock.get(start..if start == 0 { 4 } else { start + 2 })?)?;
        }
        let [year, month, day, hour, minute, second] = numbers;
        let year = i32::try_from(year).ok()?;
        let civil = Civil { year, month, day, hour, minute, second, millisecond };
        let fits = civil.year >= 1
            && (1..=12).contains(&civil.month)
            && (1..=days_in_month(year, civil.month)).contains(&civil.day)
            && civil.hour < 24
            && civil.minute < 60
            && civil.second < 60;
        fits.then_some(civil)
    }

    /// As `<input type="datetime-local">` wants it: seconds and milliseconds only when they are not zero.
    #[must_use]
    pub fn input_value(&self) -> String {
        let Civil { year, month, day, hour, minute, second, millisecond } = self;
        let minutes = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}");
        match (second, millisecond) {
            (0, 0) => minutes,
            (second, 0) => format!("{minutes}:{second:02}"),
            (second, millisecond) => format!("{minutes}:{second:02}.{millisecond:03}"),
        }
    }

    /// The time of day, `19:00`, with seconds only when there are any.
    #[must_use]
    pub fn time_of_day(&self) -> String {
        match self.second {
            0 => format!("{:02}:{:02}", self.hour, self.minute),
            second => format!("{:02}:{:02}:{second:02}", self.hour, self.minute),
        }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn day_number(&self) -> i64 {
        days_from_date(self.year, self.month, self.day)
    }

    /// 0 for Sunday to 6 for Saturday.
    #[must_use]
    pub fn weekday(&self) -> usize {
        usize::try_from((self.day_number() + 4).rem_euclid(7)).unwrap_or(0)
    }

    /// Milliseconds since 1970 if this clock showed UTC.
    fn as_utc_ms(&self) -> i64 {
        self.day_number() * DAY_MS
            + i64::from(self.hour) * HOUR_MS
            + i64::from(self.minute) * MINUTE_MS
            + i64::from(self.second) * 1_000
            + i64::from(self.millisecond)
    }

    /// What a clock in `zone` shows at an instant; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn at(epoch_ms: i64, zone: &dyn Zone) -> Option<Civil> {
        // Beyond this no browser can name an offset, and the sums below could overflow.
        if epoch_ms.unsigned_abs() > 8_640_000_000_000_000 {
            return None;
        }
        let local = epoch_ms + i64::from(zone.offset_seconds(epoch_ms)) * 1_000;
        let (year, month, day) = date_from_days(local.div_euclid(DAY_MS));
        let rest = u32::try_from(local.rem_euclid(DAY_MS)).ok()?;
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Some(Civil {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1_000 % 60,
            millisecond: rest % 1_000,
        })
    }
}

/// What a time on a clock means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One instant, in milliseconds since 1970.
    Once(i64),
    /// Clocks go back and show this time twice.
    Twice {
        /// Before the change.
        first: i64,
        /// After it.
        second: i64,
    },
    /// Clocks go forward and never show this time.
    Never {
        /// The instant that is as long after the change as the typed time is after its start: what people mean.
        nearest: i64,
    },
}

/// What `civil` on a clock in `zone` means.
#[must_use]
pub fn meaning(civil: &Civil, zone: &dyn Zone) -> Meaning {
    let local = civil.as_utc_ms();
    let offset = |instant: i64| i64::from(zone.offset_seconds(instant)) * 1_000;
    // Offsets lie between -12 and +14 hours, so the instant lies in this window; each hour is asked for its offset
    // because a change in the window makes two of them possible.
    let mut found: Option<(i64, i64)> = None;
    for hours in -15..=13 {
        let here = offset(local + hours * HOUR_MS);
        let instant = local - here;
        if offset(instant) == here {
            let (first, last) = found.unwrap_or((instant, instant));
            found = Some((first.min(instant), last.max(instant)));
        }
    }
    match found {
        Some((first, second)) if first != second => Meaning::Twice { first, second },
        Some((instant, _)) => Meaning::Once(instant),
        None => Meaning::Never { nearest: local - offset(local - 15 * HOUR_MS) },
    }
}

/// `GMT+8`, `GMT-3:30`, `UTC`.
#[must_use]
pub fn offset_name(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("GMT{sign}{hours}"),
        (hours, minutes) => format!("GMT{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin in 2026 and 2027: summer time from 29 Mar 2026 01:00 UTC to 25 Oct 2026 01:00 UTC, then from 28 Mar 2027.
    struct Berlin;
    impl Zone for Berlin {
        fn offset_seconds(&self, at: i64) -> i32 {
            let summer = (1_774_746_000_000..1_792_890_000_000).contains(&at) || at >= 1_806_195_600_000;
            if summer { 7_200 } else { 3_600 }
        }
    }

    /// Apia skipped 30 Dec 2011: the offset went from -10 to +14 hours.
    struct Apia;
    impl Zone for Apia {
        fn offset_seconds(&self, at: i64) -> i32 {
            if at < 1_325_239_200_000 { -36_000 } else { 50_400 }
        }
    }

    fn civil(text: &str) -> Civil {
        Civil::parse(text).unwrap()
    }

    #[test]
    fn known_instants() {
        assert_eq!(meaning(&civil("1970-01-01T00:00"), &UTC), Meaning::Once(0));
        assert_eq!(meaning(&civil("2026-11-22T19:00"), &Berlin), Meaning::Once(1_795_370_400_000));
        assert_eq!(meaning(&civil("2026-11-23T02:00"), &BEIJING), Meaning::Once(1_795_370_400_000));
        assert_eq!(Civil::at(1_702_974_655_123, &UTC).unwrap().input_value(), "2023-12-19T08:30:55.123");
        assert_eq!(civil("2026-11-22T19:00").weekday(), 0);
        assert_eq!(civil("2024-02-29 12:30:01.5").input_value(), "2024-02-29T12:30:01.500");
        assert_eq!(civil(" 2024-02-29T12:30:59 ").input_value(), "2024-02-29T12:30:59");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-02-29T00:00",
            "2026-13-01T00:00",
            "2026-01-01T24:00",
            "26-1-1T0:0",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.",
            "2026-01-01T00:00:00.1234",
            "2026-01-01T00:00.5",
            "2026-01-01T00:00:0",
            "2026-01-01T00:00:",
            "2026/01/01T00:00",
            "2026-01-01T00-00",
            "+026-01-01T00:00",
            "2026-01-0\u{e9}T0:00",
        ] {
            assert_eq!(Civil::parse(text), None, "{text}");
        }
    }

    #[test]
    fn clocks_that_go_back_show_a_time_twice() {
        let twice = meaning(&civil("2026-10-25T02:30"), &Berlin);
        assert_eq!(twice, Meaning::Twice { first: 1_792_888_200_000, second: 1_792_891_800_000 });
        assert_eq!(meaning(&civil("2026-10-25T03:00"), &Berlin), Meaning::Once(1_792_893_600_000));
    }

    #[test]
    fn clocks_that_go_forward_skip_a_time() {
        let never = meaning(&civil("2026-03-29T02:30"), &Berlin);
        let Meaning::Never { nearest } = never else { panic!("{never:?}") };
        assert_eq!(Civil::at(nearest, &Berlin).unwrap().input_value(), "2026-03-29T03:30");
        assert!(matches!(meaning(&civil("2011-12-30T12:00"), &Apia), Meaning::Never { .. }));
    }

    #[test]
    fn every_instant_is_found_again_on_its_clock() {
        let zones: [&dyn Zone; 5] = [&UTC, &BEIJING, &Berlin, &Apia, &Fixed(-(3 * 3600 + 1800))];
        for zone in zones {
            for start in [1_325_150_000_000_i64, 1_774_700_000_000, 1_792_850_000_000, 1_806_150_000_000] {
                for step in 0..400 {
                    let instant = start + step * 617_123;
                    let shown = Civil::at(instant, zone).unwrap();
                    let again = Civil::parse(&shown.input_value()).unwrap();
                    let found = match meaning(&again, zone) {
                        Meaning::Once(only) => only == instant,
                        Meaning::Twice { first, second } => first == instant || second == instant,
                        Meaning::Never { .. } => false,
                    };
                    assert!(found, "{instant} {shown:?}");
                }
            }
        }
    }

    #[test]
    fn instants_beyond_the_calendar_have_no_clock() {
        assert_eq!(Civil::at(i64::MAX, &UTC), None);
        assert_eq!(Civil::at(i64::MIN, &UTC), None);
        assert_eq!(offset_name(-12_600), "GMT-3:30");
    }
}
