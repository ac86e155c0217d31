//! Adam, with rows of embedding tables moved only when they were used.

use super::backward::Gradients;
use crate::features::N_TABLES;
use crate::net::Net;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.98;
/// A gradient whose length is greater is scaled down to it.
const LONGEST: f32 = 2.0;

/// First and second moments of every parameter.
pub struct Adam {
    step: i32,
    dense: [Vec<f32>; 2],
    tables: [[Vec<f32>; 2]; N_TABLES],
}

impl Adam {
    /// All moments zero.
    pub fn new(net: &Net) -> Adam {
        let pair = |n: usize| [vec![0.0; n], vec![0.0; n]];
        Adam {
            step: 0,
            dense: pair(net.dense.len()),
            tables: std::array::from_fn(|t| pair(net.tables[t].len())),
        }
    }

    /// Moves the parameters against the gradients.
    pub fn step(&mut self, net: &mut Net, gradients: &Gradients, rate: f32) {
        self.step += 1;
        let correct_1 = 1.0 - BETA_1.powi(self.step);
        let correct_2 = 1.0 - BETA_2.powi(self.step);
        let rate = rate * correct_2.sqrt() / correct_1;
        let length = crate::kernel::dot(&gradients.dense, &gradients.dense).sqrt();
        let clip = if length > LONGEST { LONGEST / length } else { 1.0 };
        let [m, v] = &mut self.dense;
        update(&mut net.dense, m, v, &gradients.dense, rate, clip);
        for t in 0..N_TABLES {
            let dim = net.config.dims[t];
            let [m, v] = &mut self.tables[t];
            for &row in &gradients.touched[t] {
                let at = row as usize * dim..(row as usize + 1) * dim;
                let (w, g) = (&mut net.tables[t][at.clone()], &gradients.tables[t][at.clone()]);
                update(w, &mut m[at.clone()], &mut v[at], g, rate, clip);
            }
        }
    }
}

fn update(w: &mut [f32], m: &mut [f32], v: &mut [f32], g: &[f32], rate: f32, clip: f32) {
    for (((w, m), v), g) in w.iter_mut().zip(m).zip(v).zip(g) {
        let g = g * clip;
        *m = BETA_1 * *m + (1.0 - BETA_1) * g;
        *v = BETA_2 * *v + (1.0 - BETA_2) * g * g;
        *w -= rate * *m / (v.sqrt() + 1e-8);
    }
}
