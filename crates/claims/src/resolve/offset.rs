//! Beside a place: "near Osh", "40 km (25 miles) north of Osh", "on the outskirts of Osh".
//!
//! Start at [`beside`]. What the words give is drawn as a point and a radius around it, so that nobody takes a place
//! near a town for the town.

use hearsay_doc::{PlacePrecision, PlaceRef, ResolvedPlace, Span};

/// How the words before a place's name put something beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// How far, where said.
    pub km: Option<f32>,
    /// Degrees clockwise from north, where said.
    pub bearing: Option<f32>,
    /// How far "near" is for these words, where no distance is said.
    near_km: f32,
}

/// Kilometres within which each of these leaves the event.
const NEAR: [(&str, f32); 15] = [
    ("near", 25.0),
    ("nearby", 25.0),
    ("close to", 25.0),
    ("not far from", 40.0),
    ("in the vicinity of", 25.0),
    ("in the area of", 25.0),
    ("around", 25.0),
    ("in and around", 15.0),
    ("just outside", 10.0),
    ("outside", 20.0),
    ("outside of", 20.0),
    ("on the outskirts of", 10.0),
    ("at the edge of", 10.0),
    ("on the edge of", 10.0),
    ("in the countryside of", 30.0),
];

/// Directions and their degrees; the longer names come first.
const BEARINGS: [(&str, f32); 16] = [
    ("northeast", 45.0),
    ("northwest", 315.0),
    ("southeast", 135.0),
    ("southwest", 225.0),
    ("north-east", 45.0),
    ("north-west", 315.0),
    ("south-east", 135.0),
    ("south-west", 225.0),
    ("north", 0.0),
    ("south", 180.0),
    ("east", 90.0),
    ("west", 270.0),
    ("north east", 45.0),
    ("north west", 315.0),
    ("south east", 135.0),
    ("south west", 225.0),
];

const UNITS: [(&str, f32); 10] = [
    ("kilometres", 1.0),
    ("kilometers", 1.0),
    ("kilometre", 1.0),
    ("kilometer", 1.0),
    ("kms", 1.0),
    ("km", 1.0),
    ("miles", 1.609),
    ("mile", 1.609),
    ("metres", 0.001),
    ("meters", 0.001),
];

const NUMBERS: [(&str, f32); 16] = [
    ("a few", 5.0),
    ("several", 10.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
];

/// Words that may stand between "north of" and the name.
const KINDS: [&str; 9] = [
    "the city of",
    "the town of",
    "the village of",
    "the port of",
    "the capital of",
    "the capital",
    "the northern city of",
    "the southern city of",
    "the",
];

/// What the words before the name at `span` say; `None` where the place itself is meant. Any span is allowed.
pub fn offset(text: &str, span: Span) -> Option<Offset> {
    let before = text.get(..span.start as usize)?.trim_end();
    let mut from = before.len().saturating_sub(120);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let lower = before[from..].to_lowercase();
    let before = KINDS.iter().find_map(|kind| cut(&lower, kind)).unwrap_or(&lower);
    if let Some((_, near_km)) = NEAR.iter().find(|(words, _)| cut(before, words).is_some()) {
        let rest = NEAR.iter().find_map(|(words, _)| cut(before, words))?;
        return Some(Offset { km: distance(rest), bearing: None, near_km: *near_km });
    }
    if let Some(rest) = cut(before, "from").or_else(|| cut(before, "away from")) {
        let rest = cut(rest, "away").unwrap_or(rest);
        return distance(rest).map(|km| Offset { km: Some(km), bearing: None, near_km: km });
    }
    let before = cut(before, "of")?;
    let (rest, bearing) =
        BEARINGS.iter().rev().find_map(|(word, degrees)| Some((cut(before, word)?, *degrees)))?;
    let rest = ["to the", "just", "the"].iter().find_map(|word| cut(rest, word)).unwrap_or(rest);
    Some(Offset { km: distance(rest), bearing: Some(bearing), near_km: 40.0 })
}

/// The place as the words before it leave it: moved, and with a radius, where they put something beside it.
pub fn beside(text: &str, place: PlaceRef) -> PlaceRef {
    match (&place.resolved, offset(text, place.span)) {
        (Some(found), Some(offset)) if found.precision != PlacePrecision::Country => {
            PlaceRef { resolved: Some(offset.applied(found)), ..place }
        }
        _ => place,
    }
}

/// What is before the words, if the text ends in them as whole words.
fn cut<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let rest = text.strip_suffix(words)?;
    (rest.is_empty() || !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-')).then(|| rest.trim_end())
}

/// The kilometres that the text ends in: "some 40 km", "about 25 miles (40 kilometers)".
fn distance(text: &str) -> Option<f32> {
    let inner = match text.strip_suffix(')') {
        Some(open) => &open[open.rfind('(')? + 1..],
        None => text,
    };
    let (rest, factor) = UNITS.iter().find_map(|(unit, factor)| {
        let rest = inner.strip_suffix(unit)?.trim_end_matches([' ', '-', '\u{a0}']);
        Some((rest, *factor))
    })?;
    if let Some((_, number)) = NUMBERS.iter().find(|(word, _)| cut(rest, word).is_some()) {
        return Some(number * factor);
    }
    let digits = rest.rfind(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).map_or(rest, |at| {
        let next = rest[at..].chars().next().map_or(0, char::len_utf8);
        &rest[at + next..]
    });
    let number: f32 = digits.replace(',', "").parse().ok()?;
    (number.is_finite() && number < 2000.0).then_some(number * factor)
}

impl Offset {
    /// The place moved as the words say, with the radius that they leave: a third of a distance with a direction, the
    /// whole distance without one.
    pub fn applied(self, place: &ResolvedPlace) -> ResolvedPlace {
        let mut moved = place.clone();
        moved.radius_km = Some(match (self.km, self.bearing) {
            (Some(km), Some(bearing)) => {
                let bearing = bearing.to_radians();
                moved.lat = (place.lat + km * bearing.cos() / 111.2).clamp(-90.0, 90.0);
                let width = place.lat.to_radians().cos().max(0.05) * 111.2;
                moved.lon = wrapped(place.lon + km * bearing.sin() / width);
                (km / 3.0).max(3.0)
            }
            (Some(km), None) => km.max(3.0),
            (None, _) => self.near_km,
        });
        moved
    }
}

fn wrapped(lon: f32) -> f32 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words before "Osh" (50 north, 0 east); prints point and radius.
    fn check(words: &str, expected: &str) {
        let text = format!("{words} Osh");
        let osh = ResolvedPlace {
            name: "Osh".into(),
            geonames: None,
            lat: 50.0,
            lon: 0.0,
            precision: PlacePrecision::Settlement,
            country: None,
            radius_km: None,
        };
        let span = Span::new(text.len() - 3, text.len());
        let found = offset(&text, span).map_or("itself".to_owned(), |offset| {
            let place = offset.applied(&osh);
            format!("{:.2} {:.2} within {:.0}", place.lat, place.lon, place.radius_km.unwrap_or(-1.0))
        });
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn a_distance_and_a_direction_move_the_point() {
        check("a camp 40 km north of", "50.36 0.00 within 13");
        check("some 25 miles (40 kilometres) south of the city of", "49.64 -0.00 within 13");
        check("about 1,000 metres to the west of", "50.00 -0.01 within 3");
        check("ten kilometres north-east of the", "50.06 0.10 within 3");
    }

    #[test]
    fn near_is_a_circle_around_the_place() {
        check("a village near", "50.00 0.00 within 25");
        check("on the outskirts of", "50.00 0.00 within 10");
        check("a base south of", "50.00 0.00 within 40");
        check("60 km from", "50.00 0.00 within 60");
        check("a road 5 km outside", "50.00 0.00 within 5");
    }

    #[test]
    fn other_words_mean_the_place_itself() {
        for words in ["in", "the south of the city and", "soldiers of", "linear", "from", "", "Žal, 5 km,"] {
            check(words, "itself");
        }
    }
}
