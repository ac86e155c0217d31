//! What is drawn: numbers, orders, dropout, and sentences as headlines and wire services write them.

use hearsay_doc::Upos;

use super::data::Sample;
use super::is_mark;

/// A small generator (splitmix64): the same numbers on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// About normal: the sum of four uniform numbers, scaled to variance 1.
    pub fn normal(&mut self) -> f32 {
        let sum: f32 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * 1.732
    }

    /// Brings a list into random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.bits() % (i as u64 + 1)) as usize);
        }
    }

    /// `n` multipliers of dropout with probability `p`. One draw serves four of them.
    pub fn mask(&mut self, n: usize, p: f32) -> Vec<f32> {
        let (keep, limit) = (1.0 / (1.0 - p), (p * 65536.0) as u64);
        let mut mask = Vec::with_capacity(n + 3);
        while mask.len() < n {
            let bits = self.bits();
            for part in 0..4 {
                mask.push(if (bits >> (16 * part)) & 0xffff < limit { 0.0 } else { keep });
            }
        }
        mask.truncate(n);
        mask
    }
}

/// A copy of the sentence, now and then in capitals, in lower case, titled, or without its marks.
pub fn noisy(sample: &Sample, random: &mut Random) -> Sample {
    let mut sample = sample.clone();
    let draw = random.unit();
    if draw < 0.05 {
        sample.forms.iter_mut().for_each(|f| *f = f.to_uppercase());
    } else if draw < 0.09 {
        sample.forms.iter_mut().for_each(|f| *f = f.to_lowercase());
    } else if draw < 0.13 {
        sample.forms.iter_mut().filter(|f| f.len() > 3).for_each(|f| *f = titled(f));
    }
    let draw = random.unit();
    if draw < 0.04 {
        without(&sample, |i| is_mark_at(&sample, i))
    } else if draw < 0.10 {
        without(&sample, |i| i + 1 == sample.forms.len() && is_mark_at(&sample, i))
    } else {
        sample
    }
}

fn titled(form: &str) -> String {
    let mut chars = form.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn is_mark_at(sample: &Sample, i: usize) -> bool {
    match sample.upos.get(i) {
        Some(&upos) => is_mark(upos) && !sample.heads.contains(&(i + 1)),
        None => sample.forms[i].chars().all(|c| c.is_ascii_punctuation()) && sample.ner[i] & 1 == 1,
    }
}

/// The sentence without some words that are nobody's head.
fn without(sample: &Sample, drop: impl Fn(usize) -> bool) -> Sample {
    let kept: Vec<usize> = (0..sample.forms.len()).filter(|&i| !drop(i)).collect();
    if kept.is_empty() {
        return sample.clone();
    }
    let mut moved = vec![0; sample.forms.len() + 1];
    for (new, &old) in kept.iter().enumerate() {
        moved[old + 1] = new + 1;
    }
    fn pick<T: Clone>(list: &[T], kept: &[usize]) -> Vec<T> {
        kept.iter().filter_map(|&i| list.get(i).cloned()).collect()
    }
    let upos: Vec<Upos> = pick(&sample.upos, &kept);
    let heads = pick(&sample.heads, &kept).into_iter().map(|h| moved[h]).collect();
    Sample {
        forms: pick(&sample.forms, &kept),
        lemmas: pick(&sample.lemmas, &kept),
        upos,
        heads,
        deprels: pick(&sample.deprels, &kept),
        ner: pick(&sample.ner, &kept),
        space_after: pick(&sample.space_after, &kept),
        ..Sample::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::Deprel;

    #[test]
    fn heads_follow_their_words_when_marks_are_dropped() {
        let sample = Sample {
            forms: ["Well", ",", "Ana", "left", "."].map(String::from).to_vec(),
            upos: vec![Upos::Intj, Upos::Punct, Upos::Propn, Upos::Verb, Upos::Punct],
            heads: vec![4, 1, 4, 0, 4],
            deprels: vec![Deprel::Discourse, Deprel::Punct, Deprel::Nsubj, Deprel::Root, Deprel::Punct],
            ..Sample::default()
        };
        let bare = without(&sample, |i| is_mark_at(&sample, i));
        assert_eq!(bare.forms, ["Well", "Ana", "left"]);
        assert_eq!(bare.heads, [3, 3, 0]);
    }

    #[test]
    fn a_mask_keeps_its_mean() {
        let mask = Random::new(3).mask(40_001, 0.25);
        assert_eq!(mask.len(), 40_001);
        let mean = mask.iter().sum::<f32>() / 40_001.0;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
    }
}
