//! How fast copies are found among very many pages, and with how much memory.
//!
//! The pages are made here ([`Press`]): invented words in Zipf's proportions, stories printed once or by up to two
//! hundred outlets, whole, trimmed, edited, with an outlet's own paragraphs around them, and briefs in forms that are
//! filled in again and again. The same seed gives the same pages on every machine. Start at [`run`].

use std::fmt::Write as _;
use std::time::Instant;

use hearsay_link::copies::{Copies, Sketch};
use serde_json::json;

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::value("--pages", "N"), Opt::switch("--print")];

/// How to call the task.
pub const HELP: &str = "\
syndication          makes pages as agencies and their customers print them, and finds the copies, on one core
  --pages N          how many [100000]
  --print            print the pages as JSON lines (`id`, `text`, `cluster`) instead
  --json             figures as JSON";

/// Numbers that look random and are the same on every run (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// From 0 to 1, 1 left out.
    fn share(&mut self) -> f64 {
        self.next() as f64 / (1u64 << 31) as f64
    }
}

/// With a capital.
fn capital(mut word: String) -> String {
    if let Some(first) = word.get(..1).map(str::to_uppercase) {
        word.replace_range(..1, &first);
    }
    word
}

/// Makes pages one by one.
pub struct Press {
    dice: Dice,
    /// Sum of the words' weights up to each.
    words: Vec<String>,
    outlets: Vec<Vec<String>>,
    forms: Vec<Vec<String>>,
    /// A story, its number, and how many outlets will still print it.
    running: Vec<(usize, Vec<String>, usize)>,
    n_stories: usize,
}

/// A page that was made.
pub struct Printed {
    /// Its text.
    pub text: String,
    /// The number of the story it prints.
    pub story: usize,
}

impl Press {
    /// A press whose pages depend on `seed` alone.
    pub fn new(seed: u64) -> Press {
        let mut press = Press {
            dice: Dice(seed),
            words: Vec::new(),
            outlets: Vec::new(),
            forms: Vec::new(),
            running: Vec::new(),
            n_stories: 0,
        };
        let syllables = [
            "ka", "lo", "mer", "ti", "sun", "or", "vel", "ba", "ren", "dis", "go", "ha", "nim", "pa", "qui",
            "ster", "tal", "un", "wex", "yor",
        ];
        for _ in 0..40_000 {
            let n = 1 + press.dice.below(4);
            let word: String = (0..n).map(|_| syllables[press.dice.below(syllables.len())]).collect();
            press.words.push(word);
        }
        press.outlets = (0..300).map(|_| (0..2).map(|_| press.sentence(14)).collect()).collect();
        press.forms = (0..40).map(|_| (0..8).map(|_| press.sentence(18)).collect()).collect();
        press
    }

    /// Zipf's law: the word of rank r with a chance of about 1/r.
    fn word(&mut self) -> String {
        let rank = (self.words.len() as f64).powf(self.dice.share()) as usize;
        self.words[rank.min(self.words.len() - 1)].clone()
    }

    fn sentence(&mut self, n: usize) -> String {
        let mut words: Vec<String> = (0..n.max(4)).map(|_| self.word()).collect();
        words[0] = capital(std::mem::take(&mut words[0]));
        words.join(" ") + "."
    }

    fn paragraph(&mut self) -> String {
        let n = 2 + self.dice.below(3);
        (0..n)
            .map(|_| {
                let n = 10 + self.dice.below(18);
                self.sentence(n)
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn story(&mut self) -> Vec<String> {
        if self.dice.below(12) == 0 {
            // A brief in a form: other numbers and names in the same words.
            let form = self.dice.below(self.forms.len());
            let (place, target, dead) = (capital(self.word()), self.word(), self.dice.below(90));
            let lead = format!(
                "At least {dead} people were killed when shells hit the {target} of {place} on day {}, officials said.",
                self.dice.below(365)
            );
            return std::iter::once(lead).chain(self.forms[form].clone()).collect();
        }
        let n = 4 + self.dice.below(6);
        (0..n).map(|_| self.paragraph()).collect()
    }

    /// The next page.
    pub fn page(&mut self) -> Printed {
        // About half of the pages are new stories; an agency's run through its customers meanwhile.
        if self.running.is_empty() || self.dice.below(100) < 45 {
            let prints = match self.dice.below(100) {
                0..=69 => 1,
                70..=94 => 2 + self.dice.below(5),
                95..=98 => 10 + self.dice.below(30),
                _ => 60 + self.dice.below(140),
            };
            let story = self.story();
            self.running.push((self.n_stories, story, prints));
            self.n_stories += 1;
        }
        let at = self.dice.below(self.running.len());
        let (number, story) = (self.running[at].0, self.running[at].1.clone());
        self.running[at].2 -= 1;
        if self.running[at].2 == 0 {
            self.running.swap_remove(at);
        }
        let mut paragraphs = story;
        match self.dice.below(6) {
            0 => {
                let keep = (paragraphs.len() * (4 + self.dice.below(6)) / 10).max(1);
                paragraphs.truncate(keep);
            }
            1 => {
                let at = self.dice.below(paragraphs.len() + 1);
                let local = self.paragraph();
                paragraphs.insert(at, local);
            }
            2 => {
                let at = self.dice.below(paragraphs.len());
                paragraphs[at] = self.paragraph();
            }
            _ => {}
        }
        let outlet = self.dice.below(self.outlets.len());
        paragraphs.extend(self.outlets[outlet].clone());
        Printed { text: paragraphs.join("\n"), story: number }
    }
}

/// Makes the pages and finds the copies.
///
/// # Errors
///
/// [`Error::Usage`] if the number of pages is none.
pub fn run(args: &Args) -> Result<Report, Error> {
    let n: usize =
        args.get("--pages").unwrap_or("100000").parse().map_err(|e| Error::Usage(format!("--pages: {e}")))?;
    let mut press = Press::new(20_260_923);
    if args.has("--print") {
        let mut text = String::new();
        for id in 0..n {
            let page = press.page();
            let _ =
                writeln!(text, "{}", json!({"id": id.to_string(), "text": page.text, "cluster": page.story}));
        }
        return Ok(Report { text, ..Report::default() });
    }
    let mut copies = Copies::default();
    let (mut adding, mut n_bytes, mut slowest) = (0.0f64, 0usize, 0.0f64);
    for _ in 0..n {
        let page = press.page();
        n_bytes += page.text.len();
        let start = Instant::now();
        copies.add(Sketch::of(&page.text));
        let took = start.elapsed().as_secs_f64();
        adding += took;
        slowest = slowest.max(took);
    }
    let mut next = 0.0f64;
    for _ in 0..100 {
        let page = press.page();
        let start = Instant::now();
        let number = copies.add(Sketch::of(&page.text));
        let met = copies.met(number);
        let best = met.iter().map(|&other| copies.shared(number, other).contained()).fold(0.0f32, f32::max);
        std::hint::black_box(best);
        next = next.max(start.elapsed().as_secs_f64());
    }
    let figures: Vec<(String, f64)> = vec![
        ("pages a second".to_owned(), n as f64 / adding),
        ("megabytes a second".to_owned(), n_bytes as f64 / 1e6 / adding),
        ("bytes a page".to_owned(), n_bytes as f64 / n as f64),
        ("slowest page ms".to_owned(), slowest * 1e3),
        ("next page ms".to_owned(), next * 1e3),
        ("resident megabytes".to_owned(), resident().unwrap_or(0.0)),
    ];
    Ok(Report::of(String::new(), figures, args.has("--json"), 1))
}

/// Megabytes of this process in memory, where the system says so.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_prints_the_same_pages_and_stories_are_printed_again() {
        let mut press = Press::new(1);
        let pages: Vec<Printed> = (0..300).map(|_| press.page()).collect();
        let mut again = Press::new(1);
        assert!(pages.iter().all(|page| again.page().text == page.text));
        let stories: std::collections::BTreeSet<usize> = pages.iter().map(|page| page.story).collect();
        assert!(stories.len() < 250 && stories.len() > 50, "{}", stories.len());
    }
}
