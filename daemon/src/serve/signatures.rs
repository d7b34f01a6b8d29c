//! Routes of signatures: the functions of [`crate::signatures`] over HTTP.

use axum::extract::State;
use modelbond_signature::Scheme;

use super::body::Json;
use super::problem::Problem;
use super::state::App;
use crate::signatures::{
    self, ConvertRequest, Formats, RecoverRequest, Recovered, SignedMessage, Verdict, VerifyRequest,
};

/// Convert a signature
///
/// The same signature as 65 bytes (Ethereum), 64 bytes (Cosmos) and DER. The form of 65 bytes needs
/// the recovery id: from the input, named, or found with `message` and `signer`. A signature over
/// one scheme's digest never becomes one over another's.
#[utoipa::path(
    post,
    path = "/v1/signatures/convert",
    tag = "signatures",
    request_body = ConvertRequest,
    responses((status = 200, description = "Every format.", body = Formats))
)]
pub async fn convert(Json(request): Json<ConvertRequest>) -> Result<axum::Json<Formats>, Problem> {
    Ok(axum::Json(signatures::convert(&request)?))
}

/// Verify a signature
///
/// A signature that is not valid is an answer too: 200 with `valid` false and the reason. High s is
/// not valid; convert with `normalize` first. Neither is an ADR-036 message that names another
/// signer than the one whose key signed.
#[utoipa::path(
    post,
    path = "/v1/signatures/verify",
    tag = "signatures",
    request_body = VerifyRequest,
    responses((status = 200, description = "Whether it is valid, and who signed or why not.",
               body = Verdict))
)]
pub async fn verify(
    State(app): State<App>,
    Json(request): Json<VerifyRequest>,
) -> Result<axum::Json<Verdict>, Problem> {
    let verdict = signatures::verify(&request, app.prefix())?;
    app.metrics().verdict(scheme(&request.message).name(), verdict.valid);
    Ok(axum::Json(verdict))
}

/// Recover the signer
///
/// The key that made the signature; two where the format carries no recovery id. An ADR-036 message
/// names its signer: then it is theirs, and where none of the two is, 422 `not_by_signer`.
#[utoipa::path(
    post,
    path = "/v1/signatures/recover",
    tag = "signatures",
    request_body = RecoverRequest,
    responses((status = 200, description = "Who may have signed.", body = Recovered))
)]
pub async fn recover(
    State(app): State<App>,
    Json(request): Json<RecoverRequest>,
) -> Result<axum::Json<Recovered>, Problem> {
    Ok(axum::Json(signatures::signers(&request, app.prefix())?))
}

fn scheme(message: &SignedMessage) -> Scheme {
    match message {
        SignedMessage::Eip191 { .. } => Scheme::Eip191,
        SignedMessage::Eip712 { .. } => Scheme::Eip712,
        SignedMessage::Adr036 { .. } => Scheme::Adr036,
        SignedMessage::Direct { .. } => Scheme::Direct,
    }
}
