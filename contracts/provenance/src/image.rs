//! An NFT as a picture: SVG that anybody can draw again from the content alone. 32 rays are as long as the bytes of the
//! data's hash, so other data is another picture; 16 dots are the first half of the attestation, two bars α and ΔM.
//! Colours come from the data's hash.

use std::fmt::Write;

use modelbond_interface::provenance::Contribution;

use crate::metadata::millionths;

/// Length of a bar for 1.
const BAR: u64 = 150;

/// Draws it; below 4 kB.
pub(crate) fn draw(token_id: &str, contribution: &Contribution) -> String {
    let mut svg = String::with_capacity(4_096);
    // Writing to a string does not fail.
    let _ = drawn(&mut svg, token_id, contribution);
    svg
}

fn drawn(svg: &mut String, token_id: &str, contribution: &Contribution) -> std::fmt::Result {
    let [first, second, ..] = contribution.data_hash.0;
    // Of the colour circle, 0 to 357 degrees.
    let hue = u32::from(first).saturating_mul(7).checked_div(5).unwrap_or_default();
    // The second colour is 60 to 187 degrees further.
    let other = hue.saturating_add(60).saturating_add(u32::from(second >> 1));
    let other = other.checked_rem(360).unwrap_or_default();
    write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\" font-family=\"monospace\" \
         fill=\"#fff\"><rect width=\"400\" height=\"400\" rx=\"24\" fill=\"hsl({hue},45%,11%)\"/>\
         <g transform=\"translate(200 158)scale(.286)\" stroke-width=\"24\" stroke-linecap=\"round\">"
    )?;
    rays(svg, &contribution.data_hash.0, [hue, other])?;
    dots(svg, &contribution.attestation.0, other)?;
    let quality = u64::from(contribution.quality);
    let improvement = i64::from(contribution.improvement);
    let (bar, gain) = (part(quality), part(improvement.unsigned_abs()));
    let (from, colour) = match improvement {
        ..0 => (BAR.saturating_sub(gain), "#f66"),
        _ => (BAR, "#6f9"),
    };
    let (length, line) = (BAR.saturating_mul(2), 50);
    write!(
        svg,
        "</g><g transform=\"translate({line} 318)\" font-size=\"13\">\
         <rect width=\"{length}\" height=\"5\" rx=\"2\" fill-opacity=\".15\"/>\
         <rect width=\"{}\" height=\"5\" rx=\"2\" fill=\"hsl({hue},85%,65%)\"/>\
         <rect y=\"24\" width=\"{length}\" height=\"5\" rx=\"2\" fill-opacity=\".15\"/>\
         <rect y=\"24\" x=\"{from}\" width=\"{gain}\" height=\"5\" rx=\"2\" fill=\"{colour}\"/>\
         <text y=\"-4\">α {}</text><text y=\"20\">ΔM {}</text>\
         <text y=\"50\" fill-opacity=\".7\">{}</text><text x=\"{length}\" y=\"50\" \
         text-anchor=\"end\" fill-opacity=\".7\">{}</text></g></svg>",
        bar.saturating_mul(2),
        millionths(contribution.quality.into()),
        millionths(improvement),
        short(contribution.model.as_str()),
        origin(token_id, contribution),
    )
}

/// 32 rays around the middle, in turn of one and the other colour.
fn rays(svg: &mut String, hash: &[u8; 32], hues: [u32; 2]) -> std::fmt::Result {
    for (turn, hue) in hues.into_iter().enumerate() {
        write!(svg, "<g stroke=\"hsl({hue},85%,65%)\">")?;
        for (index, byte) in hash.iter().enumerate().skip(turn).step_by(2) {
            let (length, angle) = (u32::from(*byte).saturating_add(1), angle(index, 1_125));
            write!(svg, "<path d=\"M0-196v-{length}\" transform=\"rotate({angle})\"/>")?;
        }
        svg.write_str("</g>")?;
    }
    Ok(())
}

/// 16 dots within the rays, the larger the byte, the larger.
fn dots(svg: &mut String, hash: &[u8; 32], hue: u32) -> std::fmt::Result {
    write!(svg, "<g fill=\"hsl({hue},85%,75%)\">")?;
    for (index, byte) in hash.iter().enumerate().take(16) {
        let radius = (byte >> 4).saturating_add(5);
        let angle = angle(index, 2_250);
        write!(svg, "<circle r=\"{radius}\" cy=\"-130\" transform=\"rotate({angle})\"/>")?;
    }
    svg.write_str("</g>")
}

/// `index` steps of so many hundredths of a degree.
fn angle(index: usize, step: u32) -> String {
    let hundredths = u32::try_from(index).unwrap_or_default().saturating_mul(step);
    let (degrees, rest) = (hundredths.checked_div(100), hundredths.checked_rem(100));
    match rest.unwrap_or_default() {
        0 => degrees.unwrap_or_default().to_string(),
        rest => format!("{}.{rest:02}", degrees.unwrap_or_default()),
    }
}

/// How long a bar is for so many millionths.
fn part(millionths: u64) -> u64 {
    millionths.saturating_mul(BAR).checked_div(1_000_000).unwrap_or_default()
}

/// Both ends of an address.
fn short(address: &str) -> String {
    let characters: Vec<char> = address.chars().collect();
    match (characters.first_chunk::<10>(), characters.last_chunk::<6>()) {
        (Some(head), Some(tail)) if characters.len() > 18 => {
            let mut short: String = head.iter().collect();
            short.push('…');
            short.extend(tail);
            short
        }
        _ => escaped(address),
    }
}

/// Which round it comes from; an offered contribution, its id.
fn origin(token_id: &str, contribution: &Contribution) -> String {
    match contribution.run_id {
        0 => escaped(token_id),
        run_id => format!("run {run_id} round {}", contribution.round_id),
    }
}

/// Text that cannot be taken for anything else.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
