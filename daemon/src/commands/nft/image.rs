//! A contribution as a picture.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use modelbond_interface::provenance::QueryMsg;
use serde::Serialize;

use crate::contract::{Answered, Contract, Provenance};
use crate::failure::Failure;
use crate::output::Page;
use crate::session::Session;

#[derive(Serialize)]
struct Image {
    token_id: String,
    /// Where it was written; none where it was only printed.
    file: Option<String>,
    svg: String,
}

/// Runs the command.
pub(super) async fn run(session: &Session, token_id: &str, path: Option<&Path>) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let svg: String = provenance.ask(&QueryMsg::Image { token_id: token_id.to_owned() }).await?;
    let page = match path {
        None => Page::default().note(svg.trim_end()),
        Some(path) => {
            fs::write(path, &svg)
                .with_context(|| Failure::usage(format!("cannot write {}", path.display())))?;
            Page::new(format!("Picture of {token_id}"))
                .field("file", path.display())
                .field("size", format!("{} B", svg.len()))
        }
    };
    let file = path.map(|path| path.display().to_string());
    let image = Image { token_id: token_id.to_owned(), file, svg };
    session.output.print(&Answered::new(&provenance, image, page))
}
