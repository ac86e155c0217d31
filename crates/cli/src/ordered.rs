//! Work on all cores, results in the order of the input, memory flat.
//!
//! Start at [`in_order`]. Threads take items from one iterator, which therefore does its own work (opening and
//! unpacking files) beside the reading of the pages before. A thread that gets too far ahead of what has been
//! printed waits, so that ten million pages need no more memory than a hundred.
//!
//! rayon's `par_bridge` gives no order, and its ordered forms want to know the length in advance.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};

/// How many results per thread may wait for an earlier one. Pages differ in length by a factor of a hundred:
/// with 2, threads often stand still behind a long page; beyond 16, nothing more was gained.
const AHEAD: usize = 16;

/// What the threads share.
struct Shared<I, R> {
    items: I,
    /// Items handed out.
    n_taken: usize,
    /// Results taken away by the caller.
    n_done: usize,
    /// Results of items `n_done..n_taken`; `None` while a thread is at it.
    waiting: VecDeque<Option<R>>,
    /// The iterator is at its end, or the caller wants no more.
    ended: bool,
    /// Threads that have not returned yet.
    n_threads: usize,
}

/// Calls `work` on each item, on `n_threads` threads, and `sink` on each result, on this thread, in the order of
/// the items. Ends early with the first error of `sink`; items being worked on are finished and dropped.
pub(crate) fn in_order<T, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    n_threads: usize,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let n_threads = n_threads.max(1);
    let shared = Mutex::new(Shared {
        items,
        n_taken: 0,
        n_done: 0,
        waiting: VecDeque::new(),
        ended: false,
        n_threads,
    });
    let (for_workers, for_sink) = (Condvar::new(), Condvar::new());

    let worker = || {
        let mut state = shared.lock().expect(POISONED);
        loop {
            state = for_workers
                .wait_while(state, |state| !state.ended && state.waiting.len() >= AHEAD * n_threads)
                .expect(POISONED);
            let Some(item) = (if state.ended { None } else { state.items.next() }) else { break };
            let item_idx = state.n_taken;
            state.n_taken += 1;
            state.waiting.push_back(None);
            drop(state);
            let result = work(item);
            state = shared.lock().expect(POISONED);
            // After an early end the caller has emptied the queue.
            let place = item_idx - state.n_done;
            if let Some(slot) = state.waiting.get_mut(place) {
                *slot = Some(result);
            }
            if place == 0 {
                for_sink.notify_one();
            }
        }
        state.ended = true;
        state.n_threads -= 1;
        for_workers.notify_all();
        for_sink.notify_one();
    };

    let take = || {
        let state = shared.lock().expect(POISONED);
        let mut state = for_sink
            .wait_while(state, |state| match state.waiting.front() {
                Some(result) => result.is_none(),
                None => state.n_threads > 0,
            })
            .expect(POISONED);
        let result = state.waiting.pop_front().flatten()?;
        state.n_done += 1;
        for_workers.notify_one();
        Some(result)
    };

    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(worker);
        }
        while let Some(result) = take() {
            if let Err(error) = sink(result) {
                let mut state = shared.lock().expect(POISONED);
                state.ended = true;
                state.waiting.clear();
                for_workers.notify_all();
                return Err(error);
            }
        }
        Ok(())
    })
}

const POISONED: &str = "no thread panics while it holds the queue";

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Slow for some items, so that threads overtake one another.
    fn slow(n: usize) -> usize {
        if n.is_multiple_of(7) {
            std::thread::sleep(Duration::from_millis(3));
        }
        n
    }

    #[test]
    fn results_come_in_the_order_of_the_items_on_any_number_of_threads() {
        for n_threads in [1, 2, 8] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = in_order(0..300, n_threads, slow, |n| {
                seen.push(n);
                Ok(())
            });
            assert_eq!(done, Ok(()));
            assert_eq!(seen, (0..300).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_in_gives_nothing_out() {
        assert_eq!(in_order(0..0, 4, slow, |_| Err("called")), Ok(()));
    }

    #[test]
    fn threads_wait_for_the_slowest_item_instead_of_piling_up_results() {
        let n_made = AtomicUsize::new(0);
        let items = (0..100_000).inspect(|_| {
            n_made.fetch_add(1, Ordering::Relaxed);
        });
        let mut n_seen = 0;
        let most = AHEAD * 4;
        let done: Result<(), ()> = in_order(
            items,
            4,
            |n| n,
            |_| {
                assert!(n_made.load(Ordering::Relaxed) <= n_seen + most + 1);
                n_seen += 1;
                Ok(())
            },
        );
        assert_eq!((done, n_seen), (Ok(()), 100_000));
    }

    #[test]
    fn an_error_of_the_sink_ends_the_work_early() {
        let n_made = AtomicUsize::new(0);
        let items = (0..1_000_000).inspect(|_| {
            n_made.fetch_add(1, Ordering::Relaxed);
        });
        let done = in_order(items, 4, slow, |n| if n == 10 { Err("full") } else { Ok(()) });
        assert_eq!(done, Err("full"));
        assert!(n_made.load(Ordering::Relaxed) < 1_000);
    }
}
