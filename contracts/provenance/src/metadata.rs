//! What marketplaces show of an NFT, all of it made from its content.

use cosmwasm_std::Uint128;
use cw721::state::Trait;
use cw721::NftExtension;
use modelbond_interface::provenance::{Contribution, RoyaltyInfoResponse, RESALE_BPS};

use crate::claims::weight;
use crate::image;

const DESCRIPTION: &str = "A contribution to a model that was accepted. Its content never changes. Whenever the model \
earns, this NFT gets its part; everything that it has earned and that was not claimed belongs to whoever holds it when \
it is claimed, so it is sold with it.";

/// An NFT's metadata.
pub(crate) fn extension(token_id: &str, contribution: &Contribution) -> NftExtension {
    let attribute = |trait_type: &str, display_type: Option<&str>, value: String| Trait {
        display_type: display_type.map(str::to_owned),
        trait_type: trait_type.to_owned(),
        value,
    };
    let text = |trait_type, value: String| attribute(trait_type, None, value);
    let number = |trait_type, value: String| attribute(trait_type, Some("number"), value);
    let attributes = vec![
        text("model", contribution.model.to_string()),
        text("contributor", contribution.contributor.to_string()),
        text("data hash", contribution.data_hash.to_string()),
        number("quality", millionths(contribution.quality.into())),
        number("improvement", millionths(contribution.improvement.into())),
        number("weight", weight(contribution).to_string()),
        attribute("accepted", Some("date"), contribution.at.seconds().to_string()),
        text("attestation", contribution.attestation.to_string()),
        number("run", contribution.run_id.to_string()),
        number("round", contribution.round_id.to_string()),
        text("built on", contribution.parents.join(" ")),
    ];
    NftExtension {
        name: Some(format!("Contribution {token_id}")),
        description: Some(DESCRIPTION.to_owned()),
        image_data: Some(image::draw(token_id, contribution)),
        attributes: Some(attributes),
        ..NftExtension::default()
    }
}

/// Millionths as a decimal number.
pub(crate) fn millionths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    let (whole, rest) = (size.checked_div(1_000_000), size.checked_rem(1_000_000));
    format!("{sign}{}.{:06}", whole.unwrap_or_default(), rest.unwrap_or_default())
}

/// What the contributor gets of a sale, rounded down.
pub(crate) fn royalty(contribution: &Contribution, sale_price: Uint128) -> RoyaltyInfoResponse {
    RoyaltyInfoResponse {
        address: contribution.contributor.to_string(),
        royalty_amount: sale_price.multiply_ratio(RESALE_BPS, 10_000u16),
    }
}
