//! The language layer against a treebank, from raw text: tokens, sentences, words, UPOS, UAS, LAS.
//!
//! Figures are F1 by the alignment of the CoNLL 2018 shared task (Zeman et al., *CoNLL 2018 Shared Task*, section 4): text is
//! compared without its spaces; inside multiword tokens words are aligned by their longest common subsequence; relations are
//! compared without subtypes. Start at [`run`]. `--noise` makes the text worse, as reports are: upper case, no commas.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::args::{Args, Opt};
use crate::{Error, Report, python};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::value("--noise", "KINDS")];

/// How to call the task.
pub const HELP: &str = "\
language FILE.conllu   F1 of tokens, sentences, words, UPOS, UAS and LAS from raw text, as CoNLL 2018
  --noise KINDS        change the text first: upper, nocomma, or both with a comma between
  --json               figures as JSON";

/// One syntactic word.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    form: String,
    /// Offsets in the document's characters without spaces; those of the whole token for a part of a multiword token.
    span: (usize, usize),
    multiword: bool,
    upos: String,
    /// Index of the head in the document's words; `None` for a root.
    head: Option<usize>,
    /// Without subtype.
    deprel: String,
}

/// One document, gold or read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Tree {
    text: String,
    words: Vec<Word>,
    tokens: Vec<(usize, usize)>,
    sentences: Vec<(usize, usize)>,
}

/// Right, gold and read, for each of [`FIGURES`].
type Counts = [(usize, usize, usize); 6];

const FIGURES: [&str; 6] = ["tokens", "sentences", "words", "upos", "uas", "las"];

/// Scores the shipped model on one treebank file.
///
/// # Errors
///
/// [`Error`] if the file is no CoNLL-U or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let path = args.path()?;
    let noise = args.list("--noise");
    if let Some(kind) = noise.iter().find(|kind| !["upper", "nocomma"].contains(kind)) {
        return Err(Error::Usage(format!("--noise {kind} is unknown; there are upper and nocomma")));
    }
    let file = fs::read_to_string(path).map_err(Error::file(path))?;
    let mut gold = parse(path, &file)?;
    gold.iter_mut().for_each(|sentences| worsen(sentences, &noise));
    let gold: Vec<Tree> = gold.iter().map(|sentences| tree(sentences)).collect();
    let annotate = crate::annotator()?;
    let counts: Vec<Counts> = gold.par_iter().map(|gold| score(gold, &read(&annotate(&gold.text)))).collect();
    let mut total = Counts::default();
    for counts in counts {
        for (sum, n) in total.iter_mut().zip(counts) {
            *sum = (sum.0 + n.0, sum.1 + n.1, sum.2 + n.2);
        }
    }
    Ok(report(&total, gold.len(), args.has("--json")))
}

fn report(total: &Counts, documents: usize, as_json: bool) -> Report {
    let f1 = |&(right, gold, read): &(usize, usize, usize)| match gold + read {
        0 => 0.0,
        n => (20_000.0 * right as f64 / n as f64).round() / 100.0,
    };
    let figures: Vec<(String, f64)> =
        FIGURES.iter().zip(total).map(|(name, counts)| ((*name).to_owned(), f1(counts))).collect();
    let mut text = String::new();
    if as_json {
        let map: serde_json::Map<_, _> =
            figures.iter().map(|(name, f)| (name.clone(), (*f).into())).collect();
        text = format!("{:#}\n", serde_json::Value::Object(map));
    } else {
        let _ = writeln!(text, "{documents} documents, {} gold words, {} read", total[2].1, total[2].2);
        for (name, f) in &figures {
            let _ = writeln!(text, "  {name:10} F1 {f:6.2}");
        }
    }
    Report { text, figures, ..Report::default() }
}

/// One token line group: a plain word, or a multiword token with its parts.
#[derive(Clone, Debug)]
struct Token {
    form: String,
    space_after: bool,
    words: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    form: String,
    upos: String,
    /// As in the file: from 1 within the sentence, 0 for a root.
    head: usize,
    deprel: String,
}

#[derive(Clone, Debug, Default)]
struct Sentence {
    text: Option<String>,
    new_paragraph: bool,
    tokens: Vec<Token>,
}

/// Documents of sentences. A file that names no document is one.
fn parse(path: &Path, file: &str) -> Result<Vec<Vec<Sentence>>, Error> {
    let mut documents: Vec<Vec<Sentence>> = vec![Vec::new()];
    let mut now = Sentence::default();
    let mut covered = 0;
    for (line, n) in file.lines().chain([""]).zip(1..) {
        if line.is_empty() {
            if !now.tokens.is_empty() {
                documents.last_mut().expect("there is always one").push(std::mem::take(&mut now));
            }
            covered = 0;
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim_start();
            if comment.starts_with("newdoc") && documents.last().is_some_and(|d| !d.is_empty()) {
                documents.push(Vec::new());
            }
            now.new_paragraph |= comment.starts_with("newpar");
            if let Some(text) = comment.strip_prefix("text = ") {
                now.text = Some(text.to_owned());
            }
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let &[id, form, _, upos, _, _, head, deprel, _, misc] = columns.as_slice() else {
            return Err(Error::format(path, n, format!("{} columns, not 10", columns.len())));
        };
        let space_after = !misc.split('|').any(|part| part == "SpaceAfter=No");
        if id.contains('.') {
            continue;
        }
        if let Some((_, last)) = id.split_once('-') {
            covered = last.parse().map_err(|_| Error::format(path, n, format!("{id} is no range")))?;
            now.tokens.push(Token { form: form.to_owned(), space_after, words: Vec::new() });
            continue;
        }
        let number = |word: &str| {
            word.parse::<usize>().map_err(|_| Error::format(path, n, format!("{word:?} is no number")))
        };
        let row = Row {
            form: form.to_owned(),
            upos: upos.to_owned(),
            head: number(head)?,
            deprel: universal(deprel).to_owned(),
        };
        if number(id)? <= covered {
            now.tokens.last_mut().expect("a range came first").words.push(row);
        } else {
            now.tokens.push(Token { form: form.to_owned(), space_after, words: vec![row] });
        }
    }
    documents.retain(|sentences| !sentences.is_empty());
    let problem = |sentence: &Sentence| {
        let n: usize = sentence.tokens.iter().map(|token| token.words.len()).sum();
        sentence.tokens.iter().flat_map(|t| &t.words).find(|row| row.head > n).map(|row| (row.head, n))
    };
    match documents.iter().flatten().find_map(problem) {
        Some((head, n)) => Err(Error::format(path, 0, format!("a head {head} in a sentence of {n} words"))),
        None => Ok(documents),
    }
}

/// The relation without its subtype.
fn universal(deprel: &str) -> &str {
    deprel.split(':').next().unwrap_or(deprel)
}

/// Changes text and gold alike. What hung on a comma hangs on the comma's head afterwards.
fn worsen(sentences: &mut [Sentence], noise: &[&str]) {
    for sentence in sentences.iter_mut().filter(|_| !noise.is_empty()) {
        sentence.text = None;
        if noise.contains(&"nocomma") && sentence.tokens.iter().any(|t| t.form != ",") {
            drop_commas(sentence);
        }
        if noise.contains(&"upper") {
            for token in &mut sentence.tokens {
                token.form = token.form.to_uppercase();
                token.words.iter_mut().for_each(|row| row.form = row.form.to_uppercase());
            }
        }
    }
}

fn drop_commas(sentence: &mut Sentence) {
    let rows: Vec<&Row> = sentence.tokens.iter().flat_map(|token| &token.words).collect();
    let is_comma: Vec<bool> = sentence
        .tokens
        .iter()
        .flat_map(|t| vec![t.words.len() == 1 && t.form == ","; t.words.len()])
        .collect();
    // A comma that is the root stays: something must hold the tree.
    let gone: Vec<bool> = rows.iter().zip(&is_comma).map(|(row, &comma)| comma && row.head != 0).collect();
    let heads: Vec<usize> = rows.iter().map(|row| row.head).collect();
    let number = |head: usize| match head {
        0 => 0,
        head => gone[..head].iter().filter(|gone| !**gone).count(),
    };
    let resolve = |mut head: usize| {
        for _ in 0..gone.len() {
            if head > 0 && gone[head - 1] {
                head = heads[head - 1];
            }
        }
        number(head)
    };
    let new: Vec<usize> = heads.iter().map(|&head| resolve(head)).collect();
    let mut at = 0;
    let mut kept: Vec<Token> = Vec::new();
    for mut token in std::mem::take(&mut sentence.tokens) {
        let first = at;
        at += token.words.len();
        if token.words.len() == 1 && gone[first] {
            if let Some(before) = kept.last_mut() {
                before.space_after |= token.space_after;
            }
            continue;
        }
        token.words.iter_mut().zip(first..).for_each(|(row, n)| row.head = new[n]);
        kept.push(token);
    }
    sentence.tokens = kept;
}

/// Text and words of one document: sentences joined by a space, paragraphs by an empty line.
fn tree(sentences: &[Sentence]) -> Tree {
    let mut tree = Tree::default();
    let mut at = 0;
    for sentence in sentences {
        if !tree.text.is_empty() {
            tree.text.push_str(if sentence.new_paragraph { "\n\n" } else { " " });
        }
        let rebuilt: String = sentence
            .tokens
            .iter()
            .map(|token| format!("{}{}", token.form, if token.space_after { " " } else { "" }))
            .collect();
        let given = sentence.text.as_deref().filter(|text| solid(text).eq(solid(&rebuilt)));
        tree.text.push_str(given.unwrap_or(rebuilt.trim_end()));
        let (first_word, start) = (tree.words.len(), at);
        for token in &sentence.tokens {
            let span = (at, at + solid(&token.form).count());
            at = span.1;
            tree.tokens.push(span);
            let multiword = token.words.len() > 1;
            for row in &token.words {
                tree.words.push(Word {
                    form: row.form.clone(),
                    span,
                    multiword,
                    upos: row.upos.clone(),
                    head: row.head.checked_sub(1).map(|head| first_word + head),
                    deprel: row.deprel.clone(),
                });
            }
        }
        tree.sentences.push((start, at));
    }
    tree
}

/// The characters that are compared: all but spaces.
pub(crate) fn solid(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|&c| !python::is_space(c))
}

/// How many characters that are no spaces begin before each byte of `text`, its end included.
pub(crate) fn solid_offsets(text: &str) -> Vec<usize> {
    let mut out = vec![0; text.len() + 1];
    let mut n = 0;
    for (byte, c) in text.char_indices() {
        out[byte..byte + c.len_utf8()].fill(n);
        n += usize::from(!python::is_space(c));
    }
    out[text.len()] = n;
    out
}

/// What hearsay read.
fn read(doc: &hearsay_doc::Doc) -> Tree {
    let offsets = solid_offsets(&doc.text);
    let span = |span: hearsay_doc::Span| (offsets[span.start as usize], offsets[span.end as usize]);
    let words: Vec<Word> = (0..)
        .zip(&doc.tokens)
        .map(|(n, token)| Word {
            form: token.span.of(&doc.text).to_owned(),
            span: span(token.span),
            multiword: false,
            upos: token.upos.to_string(),
            head: (token.head as usize != n).then_some(token.head as usize),
            deprel: universal(token.deprel.as_str()).to_owned(),
        })
        .collect();
    let tokens = words.iter().map(|word| word.span).collect();
    let sentences = doc
        .sentences
        .iter()
        .filter(|s| s.0 < s.1)
        .map(|&(first, end)| (words[first as usize].span.0, words[end as usize - 1].span.1));
    Tree { text: doc.text.clone(), sentences: sentences.collect(), tokens, words }
}

fn score(gold: &Tree, read: &Tree) -> Counts {
    let spans = |gold: &[(usize, usize)], read: &[(usize, usize)]| {
        let right = gold.iter().filter(|span| read.binary_search(span).is_ok()).count();
        (right, gold.len(), read.len())
    };
    let aligned = align(&gold.words, &read.words);
    let mut to_gold = vec![None; read.words.len()];
    for &(g, r) in &aligned {
        to_gold[r] = Some(g);
    }
    let words = |right: &dyn Fn(&Word, &Word) -> bool| {
        let n = aligned.iter().filter(|&&(g, r)| right(&gold.words[g], &read.words[r])).count();
        (n, gold.words.len(), read.words.len())
    };
    let same_head = |g: &Word, r: &Word| match (g.head, r.head) {
        (None, None) => true,
        (Some(g), Some(r)) => to_gold[r] == Some(g),
        _ => false,
    };
    [
        spans(&gold.tokens, &read.tokens),
        spans(&gold.sentences, &read.sentences),
        words(&|_, _| true),
        words(&|g, r| g.upos == r.upos),
        words(&|g, r| same_head(g, r)),
        words(&|g, r| same_head(g, r) && g.deprel == r.deprel),
    ]
}

/// Pairs of words, gold and read, in order.
fn align(gold: &[Word], read: &[Word]) -> Vec<(usize, usize)> {
    let (mut g, mut r) = (0, 0);
    let mut out = Vec::new();
    while g < gold.len() && r < read.len() {
        if gold[g].multiword || read[r].multiword {
            let (first_g, first_r, end_g, end_r) = multiword_span(gold, read, g, r);
            (g, r) = (end_g, end_r);
            if end_g > first_g && end_r > first_r {
                let pairs = common(&gold[first_g..end_g], &read[first_r..end_r]);
                out.extend(pairs.into_iter().map(|(a, b)| (first_g + a, first_r + b)));
            }
        } else if gold[g].span == read[r].span {
            out.push((g, r));
            (g, r) = (g + 1, r + 1);
        } else if gold[g].span.0 <= read[r].span.0 {
            g += 1;
        } else {
            r += 1;
        }
    }
    out
}

/// The words of both sides up to where no multiword token crosses.
fn multiword_span(gold: &[Word], read: &[Word], mut g: usize, mut r: usize) -> (usize, usize, usize, usize) {
    let mut end;
    if gold[g].multiword {
        end = gold[g].span.1;
        r += usize::from(!read[r].multiword && read[r].span.0 < gold[g].span.0);
    } else {
        end = read[r].span.1;
        g += usize::from(!gold[g].multiword && gold[g].span.0 < read[r].span.0);
    }
    let beyond = |words: &[Word], i: usize, end: usize| {
        words.get(i).is_none_or(|word| if word.multiword { word.span.0 >= end } else { word.span.1 > end })
    };
    let extend = |word: &Word, end: usize| if word.multiword { end.max(word.span.1) } else { end };
    let (first_g, first_r) = (g, r);
    while !beyond(gold, g, end) || !beyond(read, r, end) {
        if g < gold.len() && (r >= read.len() || gold[g].span.0 <= read[r].span.0) {
            end = extend(&gold[g], end);
            g += 1;
        } else {
            end = extend(&read[r], end);
            r += 1;
        }
    }
    (first_g, first_r, g, r)
}

/// The longest common subsequence by lower-cased form.
fn common(gold: &[Word], read: &[Word]) -> Vec<(usize, usize)> {
    let same = |g: usize, r: usize| gold[g].form.to_lowercase() == read[r].form.to_lowercase();
    let mut lcs = vec![vec![0; read.len() + 1]; gold.len() + 1];
    for g in (0..gold.len()).rev() {
        for r in (0..read.len()).rev() {
            let both = if same(g, r) { lcs[g + 1][r + 1] + 1 } else { 0 };
            lcs[g][r] = both.max(lcs[g + 1][r]).max(lcs[g][r + 1]);
        }
    }
    let (mut g, mut r) = (0, 0);
    let mut out = Vec::new();
    while g < gold.len() && r < read.len() {
        if same(g, r) {
            out.push((g, r));
            (g, r) = (g + 1, r + 1);
        } else if lcs[g][r] == lcs[g + 1][r] {
            g += 1;
        } else {
            r += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns: id, form, UPOS, head, relation, `+` where no space follows.
    fn conllu(lines: &str) -> Vec<Vec<Sentence>> {
        let row = |line: &str| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            match parts.as_slice() {
                [] => String::new(),
                [comment, ..] if comment.starts_with('#') => line.trim().to_owned(),
                [id, form, upos, head, deprel, rest @ ..] => {
                    let misc = if rest.is_empty() { "_" } else { "SpaceAfter=No" };
                    format!("{id}\t{form}\t_\t{upos}\t_\t_\t{head}\t{deprel}\t_\t{misc}")
                }
                other => panic!("{other:?}"),
            }
        };
        let file: Vec<String> = lines.lines().map(row).collect();
        parse(Path::new("test"), &file.join("\n")).unwrap()
    }

    const GOLD: &str = "# newdoc
        1 Rebels NOUN 2 nsubj
        2 fled VERB 0 root +
        3 , PUNCT 2 punct
        4-5 don't _ _ _
        4 do AUX 2 parataxis
        5 n't PART 4 advmod +
        6 . PUNCT 2 punct

        # newpar
        1 Good ADJ 0 root";

    fn tree_of(lines: &str) -> Tree {
        tree(&conllu(lines)[0])
    }

    #[test]
    fn the_text_is_rebuilt_and_offsets_leave_spaces_out() {
        let tree = tree_of(GOLD);
        assert_eq!(tree.text, "Rebels fled, don't .\n\nGood");
        assert_eq!(tree.sentences, [(0, 17), (17, 21)]);
        assert_eq!(tree.words[4].span, (11, 16));
        assert_eq!(tree.words[6].head, None);
    }

    #[test]
    fn the_same_analysis_is_all_right_and_a_worse_one_is_counted() {
        let gold = tree_of(GOLD);
        assert!(score(&gold, &gold).iter().all(|&(right, g, r)| right == g && g == r));
        // One token too many, a wrong tag, a wrong head, one long sentence; "do n't" is two tokens here.
        let read = tree_of(
            "1 Reb ADJ 2 compound +
            2 els NOUN 3 nsubj
            3 fled NOUN 0 root +
            4 , PUNCT 3 punct
            5 do AUX 7 parataxis:x +
            6 n't PART 5 advmod +
            7 . PUNCT 3 punct
            8 Good ADJ 7 dep",
        );
        // Tokens: fled , . Good of 6 and 8. Words: fled , do n't . Good of 7 and 8; tags: fled is wrong; heads: do and Good
        // are wrong.
        assert_eq!(score(&gold, &read), [(4, 6, 8), (0, 2, 1), (6, 7, 8), (5, 7, 8), (4, 7, 8), (4, 7, 8)]);
    }

    #[test]
    fn relations_are_compared_without_subtypes() {
        let gold = tree_of("1 A NOUN 0 root\n2 b NOUN 1 nmod:poss");
        let read = tree_of("1 A NOUN 0 root\n2 b NOUN 1 nmod");
        assert_eq!(score(&gold, &read)[5], (2, 2, 2));
    }

    #[test]
    fn noise_changes_text_and_gold_alike() {
        let mut documents = conllu(
            "1 Rebels NOUN 3 nsubj +
            2 , PUNCT 1 punct
            3 left VERB 0 root +
            4 , PUNCT 3 punct
            5 he PRON 4 obj",
        );
        worsen(&mut documents[0], &["upper", "nocomma"]);
        let tree = tree(&documents[0]);
        assert_eq!(tree.text, "REBELS LEFT HE");
        let heads: Vec<Option<usize>> = tree.words.iter().map(|word| word.head).collect();
        assert_eq!(heads, [Some(1), None, Some(1)]);
    }
}
