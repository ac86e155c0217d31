//! From scores to structure: the best tree, and the best sequence of name tags.
//!
//! [`tree`] takes each word's best head where that already is a tree with one root, as it is for nearly every
//! sentence, and otherwise the best projective tree by Eisner's algorithm. [`names`] is Viterbi over begin,
//! inside, last, unit tags in which a name that was begun must end.

use crate::kernel::argmax;
use crate::net::N_NER;

/// Heads for `n` words from `n × (n + 1)` scores (column 0 is the root): 0 is the root, `j + 1` the word `j`.
/// Exactly one word has the root as its head, and there is no cycle.
pub fn tree(scores: &[f32], n: usize) -> Vec<usize> {
    let mut greedy: Vec<usize> = Vec::with_capacity(n);
    for (i, row) in scores.chunks_exact(n + 1).enumerate() {
        let (left, right) = row.split_at(i + 1);
        let (l, r) = (argmax(left), argmax(&right[1..]));
        greedy.push(if right.len() > 1 && right[1 + r] > left[l] { i + 2 + r } else { l });
    }
    if is_tree(&greedy) { greedy } else { eisner(scores, n) }
}

/// One root, and every word reaches it.
fn is_tree(heads: &[usize]) -> bool {
    if heads.iter().filter(|&&h| h == 0).count() != 1 {
        return false;
    }
    // 0: unknown, 1: on the current path, 2: reaches the root.
    let mut state = vec![0u8; heads.len()];
    for start in 0..heads.len() {
        let (mut at, mut path) = (start, Vec::new());
        loop {
            match state[at] {
                1 => return false,
                2 => break,
                _ => {}
            }
            state[at] = 1;
            path.push(at);
            if heads[at] == 0 {
                break;
            }
            at = heads[at] - 1;
        }
        for i in path {
            state[i] = 2;
        }
    }
    true
}

/// The best projective tree with one root (Eisner 1996): spans over the words alone, then the best root.
fn eisner(scores: &[f32], n: usize) -> Vec<usize> {
    let arc = |dep: usize, head: usize| scores[dep * (n + 1) + head + 1];
    let at = |i: usize, j: usize| i * n + j;
    // Complete and incomplete spans i..=j with the head at the left (0) or right (1) end, and where they split.
    let mut complete = [vec![0.0f32; n * n], vec![0.0f32; n * n]];
    let mut open = [vec![0.0f32; n * n], vec![0.0f32; n * n]];
    let mut complete_split = [vec![0u32; n * n], vec![0u32; n * n]];
    let mut open_split = vec![0u32; n * n];
    for width in 1..n {
        for i in 0..n - width {
            let j = i + width;
            let (mut best, mut split) = (f32::NEG_INFINITY, i);
            for k in i..j {
                let s = complete[0][at(i, k)] + complete[1][at(k + 1, j)];
                if s > best {
                    (best, split) = (s, k);
                }
            }
            open_split[at(i, j)] = split as u32;
            open[0][at(i, j)] = best + arc(j, i);
            open[1][at(i, j)] = best + arc(i, j);
            let (mut best, mut split) = (f32::NEG_INFINITY, i);
            for k in i..j {
                let s = complete[1][at(i, k)] + open[1][at(k, j)];
                if s > best {
                    (best, split) = (s, k);
                }
            }
            complete[1][at(i, j)] = best;
            complete_split[1][at(i, j)] = split as u32;
            let (mut best, mut split) = (f32::NEG_INFINITY, j);
            for k in i + 1..=j {
                let s = open[0][at(i, k)] + complete[0][at(k, j)];
                if s > best {
                    (best, split) = (s, k);
                }
            }
            complete[0][at(i, j)] = best;
            complete_split[0][at(i, j)] = split as u32;
        }
    }
    let total = |r: usize| complete[1][at(0, r)] + complete[0][at(r, n - 1)] + scores[r * (n + 1)];
    let mut root = 0;
    for r in 1..n {
        if total(r) > total(root) {
            root = r;
        }
    }
    let mut heads = vec![0; n];
    // (is complete, side of the head, i, j)
    let mut todo = vec![(true, 1, 0, root), (true, 0, root, n - 1)];
    while let Some((is_complete, side, i, j)) = todo.pop() {
        if i == j {
            continue;
        }
        match (is_complete, side) {
            (true, 1) => {
                let k = complete_split[1][at(i, j)] as usize;
                todo.extend([(true, 1, i, k), (false, 1, k, j)]);
            }
            (true, _) => {
                let k = complete_split[0][at(i, j)] as usize;
                todo.extend([(false, 0, i, k), (true, 0, k, j)]);
            }
            (false, _) => {
                if side == 0 {
                    heads[j] = i + 1;
                } else {
                    heads[i] = j + 1;
                }
                let k = open_split[at(i, j)] as usize;
                todo.extend([(true, 0, i, k), (true, 1, k + 1, j)]);
            }
        }
    }
    heads
}

/// May tag `to` follow tag `from`? Tag 0 is outside; kind `k` has begin, inside, last, unit at `1 + 4k`.
pub fn may_follow(from: usize, to: usize) -> bool {
    let part = |tag: usize| if tag == 0 { 3 } else { (tag - 1) % 4 };
    let inside = |tag: usize| part(tag) == 1 || part(tag) == 2;
    match part(from) {
        0 | 1 => to != 0 && inside(to) && (to - 1) / 4 == (from - 1) / 4,
        _ => !inside(to),
    }
}

/// May a sentence end with this tag?
pub fn may_end(tag: usize) -> bool {
    tag == 0 || (tag - 1) % 4 >= 2
}

/// Names as (first word, one past the last, kind) from `n × 21` scores and `21 × 21` transition scores.
pub fn names(scores: &[f32], transitions: &[f32]) -> Vec<(usize, usize, usize)> {
    let n = scores.len() / N_NER;
    // Most sentences hold stretches that nothing but "outside" fits; the few operations are not worth a shortcut.
    let mut best: Vec<f32> = vec![f32::NEG_INFINITY; N_NER];
    let mut back = vec![0u8; n * N_NER];
    for (t, row) in scores.chunks_exact(N_NER).enumerate() {
        let mut next = [f32::NEG_INFINITY; N_NER];
        for (to, next) in next.iter_mut().enumerate() {
            if t == 0 {
                if may_follow(0, to) {
                    *next = row[to];
                }
                continue;
            }
            for &from in &predecessors()[to] {
                let s = best[from as usize] + transitions[from as usize * N_NER + to];
                if s > *next {
                    *next = s;
                    back[t * N_NER + to] = from;
                }
            }
            *next += row[to];
        }
        best.copy_from_slice(&next);
    }
    for (tag, score) in best.iter_mut().enumerate() {
        if !may_end(tag) {
            *score = f32::NEG_INFINITY;
        }
    }
    let mut tag = argmax(&best);
    let mut found = Vec::new();
    let mut end = n;
    for t in (0..n).rev() {
        if tag > 0 {
            let (kind, part) = ((tag - 1) / 4, (tag - 1) % 4);
            if part >= 2 {
                end = t + 1;
            }
            if part == 0 || part == 3 {
                found.push((t, end, kind));
            }
        }
        tag = back[t * N_NER + tag] as usize;
    }
    found.reverse();
    found
}

/// The tags that may come before each tag.
fn predecessors() -> &'static [Vec<u8>; N_NER] {
    static BEFORE: std::sync::OnceLock<[Vec<u8>; N_NER]> = std::sync::OnceLock::new();
    BEFORE.get_or_init(|| {
        std::array::from_fn(|to| {
            (0..N_NER).filter(|&from| may_follow(from, to)).map(|from| from as u8).collect()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_broken_by_the_best_projective_tree() {
        // Words 0 and 1 prefer each other; the root prefers word 2.
        let scores = [0.0, -9.0, 5.0, 0.5, 0.0, 6.0, -9.0, 2.0, 3.0, 0.0, 0.0, -9.0];
        assert_eq!(tree(&scores, 3), [2, 3, 0]);
    }

    #[test]
    fn every_answer_is_a_tree_with_one_root() {
        let mut seed = 1u32;
        for n in 1..30 {
            let scores: Vec<f32> = (0..n * (n + 1))
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 8) as f32 / 1e6
                })
                .collect();
            assert!(is_tree(&tree(&scores, n)), "{n}");
            assert!(is_tree(&eisner(&scores, n)), "{n}");
        }
    }

    #[test]
    fn a_name_that_was_begun_is_ended() {
        let mut scores = vec![0.0; 3 * N_NER];
        scores[N_NER + 1] = 5.0; // begin at the second word
        scores[2 * N_NER] = 1.0; // outside at the third
        scores[2 * N_NER + 3] = 0.5; // last at the third
        assert_eq!(names(&scores, &[0.0; N_NER * N_NER]), [(1, 3, 0)]);
        assert_eq!(names(&[], &[0.0; N_NER * N_NER]), []);
    }
}
