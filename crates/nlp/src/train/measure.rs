//! Scores on gold tokens: what training is steered by. Scores from raw text are the evaluation's.

use std::collections::HashMap;
use std::fmt;

use hearsay_doc::{MentionKind, Span};

use super::data::Sample;
use crate::model::Model;

/// Counts from which the scores follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Words with a gold parse.
    pub words: usize,
    /// Of these, with the right part of speech, head, head and relation, lemma.
    pub right: [usize; 4],
    /// Gold, found and right names, by kind.
    pub names: [[usize; 3]; 5],
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words > 0 {
            let percent = |n: usize| 100.0 * n as f64 / self.words as f64;
            let [upos, uas, las, lemma] = self.right.map(percent);
            write!(f, "UPOS {upos:.2} UAS {uas:.2} LAS {las:.2} lemma {lemma:.2} ")?;
        }
        let all = self.names.iter().fold([0; 3], |a, n| [a[0] + n[0], a[1] + n[1], a[2] + n[2]]);
        if all[0] > 0 {
            write!(
                f,
                "names F1 {:.2} (P {:.1} R {:.1})",
                f1(all),
                ratio(all[2], all[1]),
                ratio(all[2], all[0])
            )?;
            for (kind, counts) in MentionKind::ALL.iter().zip(self.names) {
                if counts[0] > 0 {
                    write!(f, " {kind} {:.1}", f1(counts))?;
                }
            }
        }
        Ok(())
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn f1([gold, found, right]: [usize; 3]) -> f64 {
    ratio(2 * right, gold + found)
}

/// Measures a model on annotated sentences, with their own tokens. Names of kinds that the set never has are
/// not counted against it. `wrong` hears of each name that is no name of the set, as kind of mistake and words.
pub fn measure(model: &Model, samples: &[Sample], wrong: &mut dyn FnMut(&str, &str)) -> Scores {
    let mut scores = Scores::default();
    let gold_names: Vec<Vec<(usize, usize, usize)>> = samples.iter().map(|s| names(&s.ner)).collect();
    let gum = samples.iter().any(|s| !s.heads.is_empty() && !s.ner.is_empty());
    let mut has = [false; 5];
    gold_names.iter().flatten().for_each(|n| has[n.2] = true);
    let uner = !has[MentionKind::Misc as usize];
    if uner {
        has[MentionKind::Group as usize] = false;
    }
    let mut starts: Vec<usize> = (0..samples.len()).filter(|&i| i == 0 || samples[i].new_doc).collect();
    starts.push(samples.len());
    for pair in starts.windows(2) {
        let (chunk, gold_names) = (&samples[pair[0]..pair[1]], &gold_names[pair[0]..pair[1]]);
        let (mut text, mut spans, mut sentences) = (String::new(), Vec::new(), Vec::new());
        for sample in chunk {
            let first = spans.len() as u32;
            for form in &sample.forms {
                let start = text.len();
                text.push_str(form);
                spans.push(Span::new(start, text.len()));
                text.push(' ');
            }
            sentences.push((first, spans.len() as u32));
        }
        let doc = crate::annotate_tokens(model, &text, &spans, &sentences);
        for ((sample, &(first, last)), gold) in chunk.iter().zip(&sentences).zip(gold_names) {
            let tokens = &doc.tokens[first as usize..last as usize];
            for (i, head) in sample.heads.iter().enumerate() {
                let token = &tokens[i];
                let found = token.head - first;
                let right = if *head == 0 { found as usize == i } else { found as usize == head - 1 };
                scores.words += 1;
                scores.right[0] += usize::from(token.upos == sample.upos[i]);
                scores.right[1] += usize::from(right);
                scores.right[2] += usize::from(right && token.deprel == sample.deprels[i]);
                scores.right[3] += usize::from(token.lemma.eq_ignore_ascii_case(&sample.lemmas[i]));
            }
            if sample.ner.is_empty() || gum {
                continue;
            }
            let from = doc.mentions.partition_point(|m| m.tokens.0 < first);
            let found = doc.mentions[from..].iter().take_while(|m| m.tokens.0 < last);
            for mention in found {
                let kind = mention.kind as usize;
                let name = ((mention.tokens.0 - first) as usize, (mention.tokens.1 - first) as usize, kind);
                if has[kind] {
                    if !gold.contains(&name) {
                        let words = doc.slice(mention.span);
                        wrong("name", &format!("{words} {} in {}", mention.kind, sample.forms.join(" ")));
                    }
                    scores.names[kind][1] += 1;
                    scores.names[kind][2] += usize::from(gold.contains(&name));
                }
            }
            for name in gold.iter().filter(|n| has[n.2]) {
                scores.names[name.2][0] += 1;
            }
        }
    }
    scores
}

/// Names in tags that are settled: (first word, one past the last, kind).
fn names(ner: &[u32]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (i, &bits) in ner.iter().enumerate() {
        if bits.count_ones() != 1 || bits == 1 {
            continue;
        }
        let tag = bits.trailing_zeros() as usize - 1;
        if matches!(tag % 4, 0 | 3) {
            start = i;
        }
        if tag % 4 >= 2 {
            found.push((start, i + 1, tag / 4));
        }
    }
    found
}

/// Scores from the documents' raw text: F1 of words and sentences, then UPOS, UAS and LAS over words found, as
/// F1; words are matched by their place in the text. `wrong` hears of words and sentences that were not found and of
/// lemmas that differ, as kind of mistake and words.
pub fn measure_raw(model: &Model, samples: &[Sample], wrong: &mut dyn FnMut(&str, &str)) -> [f64; 5] {
    let (mut gold_n, mut found_n, mut right) = (0, 0, [0usize; 4]);
    let (mut gold_s, mut found_s, mut right_s) = (0, 0, 0);
    let mut samples = samples.iter().filter(|s| !s.heads.is_empty());
    let kept: Vec<Sample> = samples.by_ref().cloned().collect();
    let mut next = 0;
    for document in super::boundary::rebuild(&kept) {
        let doc = crate::annotate(model, &document.text);
        let place: HashMap<Span, usize> = doc.tokens.iter().enumerate().map(|(i, t)| (t.span, i)).collect();
        let (mut first, sentence_ends) = (0, &document.ends);
        let ends: HashMap<(u32, u32), ()> = doc
            .sentences
            .iter()
            .map(|&(a, b)| ((doc.tokens[a as usize].span.start, doc.tokens[b as usize - 1].span.end), ()))
            .collect();
        gold_n += document.spans.len();
        found_n += doc.tokens.len();
        found_s += doc.sentences.len();
        for &end in sentence_ends {
            let sample = &kept[next];
            next += 1;
            gold_s += 1;
            let range = (document.spans[first].start, document.spans[end - 1].end);
            if ends.contains_key(&range) {
                right_s += 1;
            } else {
                wrong("sentence", &document.text[range.0 as usize..range.1 as usize]);
            }
            for i in first..end {
                let Some(&found) = place.get(&document.spans[i]) else {
                    let (from, to) = (document.spans[i].start, document.spans[i].end);
                    let near: Vec<&str> = doc
                        .tokens
                        .iter()
                        .filter(|t| t.span.start < to && t.span.end > from)
                        .map(|t| t.span.of(&document.text))
                        .collect();
                    wrong("word", &format!("{:?} {near:?}", document.spans[i].of(&document.text)));
                    continue;
                };
                right[0] += 1;
                let token = &doc.tokens[found];
                right[1] += usize::from(token.upos == sample.upos[i - first]);
                if !token.lemma.eq_ignore_ascii_case(&sample.lemmas[i - first]) {
                    let (form, gold) = (document.spans[i].of(&document.text), &sample.lemmas[i - first]);
                    wrong("lemma", &format!("{form:?} {} {:?} gold {gold:?}", token.upos, token.lemma));
                }
                let head = sample.heads[i - first];
                let same = if head == 0 {
                    token.head as usize == found
                } else {
                    token.head as usize != found
                        && doc.tokens[token.head as usize].span == document.spans[first + head - 1]
                };
                right[2] += usize::from(same);
                right[3] += usize::from(same && token.deprel == sample.deprels[i - first]);
            }
            first = end;
        }
    }
    let f = |right: usize| f1([gold_n, found_n, right]);
    [f(right[0]), f1([gold_s, found_s, right_s]), f(right[1]), f(right[2]), f(right[3])]
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_read_from_settled_tags() {
        assert_eq!(super::names(&[1, 1 << 1, 1 << 3, 1, 1 << 12, 3]), [(1, 3, 0), (4, 5, 2)]);
    }
}
