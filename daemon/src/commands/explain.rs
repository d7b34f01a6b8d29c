//! stub
use crate::session::Session;
/// stub
#[derive(clap::Args, Debug)]
pub struct Explain {}
/// stub
#[derive(clap::Args, Debug)]
pub struct Twap {}
/// stub
pub async fn explain(_: &Session, _: Explain) -> anyhow::Result<()> { Ok(()) }
/// stub
pub async fn twap(_: &Session, _: Twap) -> anyhow::Result<()> { Ok(()) }
