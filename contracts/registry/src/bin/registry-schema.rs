//! Writes the registry contract's JSON schema, which is the API reference, to `schema/registry.json` under the
//! working directory.

use cosmwasm_schema::generate_api;
use modelbond_interface::registry::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() -> std::io::Result<()> {
    let api = generate_api! {
        name: "registry",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
    };
    let mut json = api.render().to_string().map_err(std::io::Error::other)?;
    json.push('\n');
    std::fs::create_dir_all("schema")?;
    std::fs::write("schema/registry.json", json)
}
