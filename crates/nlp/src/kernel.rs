//! The few numeric routines that the network is made of.
//!
//! Matrices are row-major slices of `f32` whose sizes are passed beside them. Start at [`linear`].

/// How an operand of [`gemm`] is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// As it is used.
    Plain,
    /// Transposed: an `m × k` operand is stored as `k × m`.
    #[allow(dead_code)] // the gradients use both sides, inference only one
    Transposed,
}

/// `c = beta · c + a · b`, where `a` is `m × k`, `b` is `k × n` and `c` is `m × n`.
///
/// # Panics
///
/// If a slice is shorter than its matrix.
#[allow(clippy::too_many_arguments)] // the sizes of a product
#[allow(unsafe_code)]
pub fn gemm(
    m: usize,
    k: usize,
    n: usize,
    a: &[f32],
    a_side: Side,
    b: &[f32],
    b_side: Side,
    beta: f32,
    c: &mut [f32],
) {
    assert!(a.len() >= m * k && b.len() >= k * n && c.len() >= m * n);
    let strides = |side: Side, rows: usize, cols: usize| match side {
        Side::Plain => (cols as isize, 1),
        Side::Transposed => (1, rows as isize),
    };
    let ((rsa, csa), (rsb, csb)) = (strides(a_side, m, k), strides(b_side, k, n));
    // SAFETY: the lengths are asserted above, and both stride pairs stay inside m·k and k·n elements.
    unsafe {
        matrixmultiply::sgemm(
            m,
            k,
            n,
            1.0,
            a.as_ptr(),
            rsa,
            csa,
            b.as_ptr(),
            rsb,
            csb,
            beta,
            c.as_mut_ptr(),
            n as isize,
            1,
        );
    }
}

/// `x · w + b`, where `x` is `n × k`, `w` is `k × m` and `b` has `m` entries.
pub fn linear(x: &[f32], n: usize, k: usize, w: &[f32], b: &[f32]) -> Vec<f32> {
    let m = b.len();
    let mut out = Vec::with_capacity(n * m);
    for _ in 0..n {
        out.extend_from_slice(b);
    }
    gemm(n, k, m, x, Side::Plain, w, Side::Plain, 1.0, &mut out);
    out
}

/// `e^x`, within 3e-7 relative, without a call: a loop over it becomes vector code.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    // Adding and taking away 1.5·2^23 rounds to the nearest integer.
    let n = (x * std::f32::consts::LOG2_E + 12_582_912.0) - 12_582_912.0;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    p * f32::from_bits(((n as i32 + 127) << 23) as u32)
}

/// The logistic function.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `x · sigmoid(x)`, the activation used throughout.
#[inline(always)]
pub fn silu(x: f32) -> f32 {
    x * sigmoid(x)
}

/// Applies [`silu`] to each entry.
pub fn silu_all(x: &[f32]) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    wide(|| {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = silu(x);
        }
    });
    y
}

/// Applies [`sigmoid`] in place.
pub fn sigmoid_all(x: &mut [f32]) {
    wide(|| x.iter_mut().for_each(|x| *x = sigmoid(*x)));
}

/// Runs a loop that was compiled for eight lanes where the processor has them. The operations and so the results are the
/// same: nothing is fused. A word needs some 2000 exponentials, a third of the time with four lanes.
#[inline(always)]
#[allow(unsafe_code)]
fn wide(work: impl FnOnce()) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn eight(work: impl FnOnce()) {
            work();
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has the feature, as asked in the line above.
            return unsafe { eight(work) };
        }
    }
    work();
}

/// What layer normalisation keeps for the way back: the normalised rows and one over their deviation.
#[cfg_attr(not(feature = "train"), allow(dead_code))] // the way back reads all of it
pub struct Normed {
    /// Rows of mean 0 and variance 1.
    pub unit: Vec<f32>,
    /// One over the deviation, per row.
    pub inv: Vec<f32>,
    /// The result, `unit · gain + bias`.
    pub y: Vec<f32>,
}

/// Layer normalisation of rows with `gain.len()` entries.
pub fn layer_norm(x: &[f32], gain: &[f32], bias: &[f32]) -> Normed {
    let d = gain.len();
    let n = x.len() / d;
    let (mut unit, mut y, mut inv) = (vec![0.0; n * d], vec![0.0; n * d], Vec::with_capacity(n));
    for ((row, u), y) in x.chunks_exact(d).zip(unit.chunks_exact_mut(d)).zip(y.chunks_exact_mut(d)) {
        let mean = sum(row) / d as f32;
        for (u, &x) in u.iter_mut().zip(row) {
            *u = x - mean;
        }
        let scale = 1.0 / (dot(u, u) / d as f32 + 1e-5).sqrt();
        inv.push(scale);
        for (((u, y), &g), &b) in u.iter_mut().zip(y).zip(gain).zip(bias) {
            *u *= scale;
            *y = *u * g + b;
        }
    }
    Normed { unit, inv, y }
}

/// The sum, in eight lanes so that it becomes vector code.
pub fn sum(x: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let chunks = x.chunks_exact(8);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// The scalar product, in eight lanes.
pub fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (xs, ys) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f32 = xs.remainder().iter().zip(ys.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in xs.zip(ys) {
        for ((lane, &x), &y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// The index of the greatest entry; the first of equals, 0 for none.
pub fn argmax(x: &[f32]) -> usize {
    let mut best = 0;
    for (i, &v) in x.iter().enumerate() {
        if v > x[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_to_the_library_everywhere() {
        for i in -800..800 {
            let x = i as f32 * 0.1;
            let (ours, theirs) = (exp(x), x.exp());
            assert!((ours - theirs).abs() <= 4e-7 * theirs, "{x}: {ours} {theirs}");
        }
    }

    #[test]
    fn a_transposed_operand_gives_the_same_product() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 2.0, 1.0, 0.0, 3.0]);
        let mut plain = [0.0; 4];
        gemm(2, 3, 2, &a, Side::Plain, &b, Side::Plain, 0.0, &mut plain);
        assert_eq!(plain, [5.0, 11.0, 14.0, 23.0]);
        let (a_t, b_t) = ([1.0, 4.0, 2.0, 5.0, 3.0, 6.0], [1.0, 2.0, 0.0, 0.0, 1.0, 3.0]);
        let mut turned = [0.0; 4];
        gemm(2, 3, 2, &a_t, Side::Transposed, &b_t, Side::Transposed, 0.0, &mut turned);
        assert_eq!(plain, turned);
    }

    #[test]
    fn normalised_rows_have_mean_zero() {
        let normed = layer_norm(&[1.0, 3.0, 10.0, 30.0], &[1.0, 1.0], &[0.0, 0.0]);
        assert!((normed.y[0] + 1.0).abs() < 1e-4 && (normed.y[3] - 1.0).abs() < 1e-4);
    }
}
