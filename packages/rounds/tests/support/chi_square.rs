//! Pearson's chi-square test: how likely is a deviation at least as large by chance.

/// Statistic, degrees of freedom and p of counts against expected probabilities. Prints them.
pub(crate) fn test(name: &str, counts: &[u64], probabilities: &[f64]) -> f64 {
    assert_eq!(counts.len(), probabilities.len());
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}: not a distribution");
    let draws = counts.iter().sum::<u64>() as f64;
    let statistic = counts.iter().zip(probabilities).map(|(count, probability)| {
        let expected = draws * probability;
        assert!(expected >= 5.0, "{name}: too few draws for the test");
        (*count as f64 - expected).powi(2) / expected
    });
    report(name, statistic.sum(), counts.len() - 1)
}

/// p of a statistic. Prints them.
pub(crate) fn report(name: &str, statistic: f64, freedom: usize) -> f64 {
    let p = upper_tail(statistic, freedom);
    println!("{name}: chi-square {statistic:.3}, {freedom} degrees of freedom, p = {p:.6}");
    p
}

/// P(X ≥ statistic) = Q(freedom/2, statistic/2), the regularised incomplete gamma function.
pub(crate) fn upper_tail(statistic: f64, freedom: usize) -> f64 {
    let (a, x) = (freedom as f64 / 2.0, statistic / 2.0);
    if x <= 0.0 {
        return 1.0;
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        // Series of the lower function.
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-16 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        1.0 - scale * sum
    } else {
        // Continued fraction of the upper function, by Lentz's method.
        let mut b = x + 1.0 - a;
        let (mut c, mut d) = (1e300, 1.0 / b);
        let mut fraction = d;
        for i in 1..10_000 {
            let i = f64::from(i);
            let numerator = -i * (i - a);
            b += 2.0;
            d = 1.0 / (numerator * d + b);
            c = b + numerator / c;
            fraction *= c * d;
            if (c * d - 1.0).abs() < 1e-15 {
                break;
            }
        }
        scale * fraction
    }
}

/// ln Γ(a) for multiples of a half: by Γ(a + 1) = a·Γ(a) from Γ(1) = 1 or Γ(1/2) = √π.
fn ln_gamma(a: f64) -> f64 {
    let (mut value, mut at) =
        if a.fract() == 0.0 { (0.0, 1.0) } else { (std::f64::consts::PI.sqrt().ln(), 0.5) };
    while at < a {
        value += f64::ln(at);
        at += 1.0;
    }
    value
}
