//! The description of the service, OpenAPI 3.1: made from the code, and completed with what every
//! route has in common.

use axum::body::Bytes;
use axum::http::{header::CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, Schema, Type};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    InfoBuilder, License, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};

use super::examples;
use super::limits::UNLIMITED;
use super::problem::PROBLEM_JSON;

/// Where it is served.
pub const PATH: &str = "/openapi.json";
const JSON: &str = "application/json";

const DESCRIPTION: &str = "\
Signatures of Ethereum and Cosmos wallets: verified, recovered, converted; and who is who across \
both, as the bridge contract has it; rounds of a beacon, where the service emits one. A \
request can have a round signed only when it is due.

Every error is `application/problem+json` (RFC 9457) with a stable `code`: 400 for a body that is \
not JSON or does not have the form described here, 422 for a value that cannot be read. An unknown \
path is 404, another method of a known path 405. Every answer carries `x-request-id`, the client's \
own if it sent one.";

/// What stands before the routes.
pub fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Modelbond")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let tag = |name: &str, what: &str| TagBuilder::new().name(name).description(Some(what)).build();
    OpenApiBuilder::new()
        .info(info)
        .tags(Some([
            tag("signatures", "Verify, recover, convert; without a chain."),
            tag("identities", "Who is who, as the bridge contract has it."),
            tag("beacon", "Rounds of the beacon that this service emits, in drand's shapes."),
            tag("service", "How the service is."),
        ]))
        .build()
}

/// A status that many routes can answer with.
struct Common {
    status: &'static str,
    description: &'static str,
    header: Option<(&'static str, &'static str, Type)>,
    with_body: bool,
    unlimited: bool,
}

const fn common(status: &'static str, description: &'static str) -> Common {
    Common { status, description, header: None, with_body: false, unlimited: true }
}

const COMMON: [Common; 9] = [
    Common { with_body: true, ..common("400", "The body is not JSON, or not of this form.") },
    Common {
        header: Some(("allow", "The methods that this path has.", Type::String)),
        ..common("405", "The path does not have this method.")
    },
    Common { with_body: true, ..common("408", "The body did not arrive in time.") },
    Common { with_body: true, ..common("413", "The body is too long.") },
    Common { with_body: true, ..common("415", "The body is not `application/json`.") },
    Common { with_body: true, ..common("422", "A value cannot be read; `field` names it.") },
    Common {
        header: Some(("retry-after", "Seconds after which to try again.", Type::Integer)),
        unlimited: false,
        ..common("429", "Too many requests from this address.")
    },
    common("500", "The service failed."),
    common("503", "The service could not answer in time."),
];

/// Adds what all routes have in common.
pub fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let unlimited = UNLIMITED.contains(&path.as_str());
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            let with_body = operation.request_body.is_some();
            let applies = |common: &&Common| {
                (with_body || !common.with_body) && (!unlimited || common.unlimited)
            };
            COMMON.iter().filter(applies).for_each(|common| add(operation, common));
            illustrate(operation, path);
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    let id = header(Type::String, "The client's id of the request, or a new one.");
                    response.headers.insert("x-request-id".to_owned(), id.into());
                }
            }
        }
    }
    if let Some(components) = &mut document.components {
        for (name, schema) in &mut components.schemas {
            match schema {
                RefOr::T(Schema::OneOf(variants)) => variants.items.iter_mut().for_each(close),
                schema if CLOSED.contains(&name.as_str()) => close(schema),
                _ => {}
            }
        }
    }
    document
}

fn add(operation: &mut Operation, common: &Common) {
    let responses = &mut operation.responses.responses;
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    if let Some(own) = responses.get_mut(common.status) {
        // A route that answers something else with this status can still be refused with it.
        if let RefOr::T(own) = own {
            own.content.entry(PROBLEM_JSON.to_owned()).or_insert(problem.into());
        }
        return;
    }
    let mut response =
        ResponseBuilder::new().description(common.description).content(PROBLEM_JSON, problem);
    if let Some((name, what, kind)) = &common.header {
        response = response.header(*name, header(kind.clone(), what));
    }
    responses.insert(common.status.to_owned(), response.build().into());
}

fn header(kind: Type, what: &str) -> utoipa::openapi::header::Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(what)).build()
}

/// Adds the examples of a path, with their answers.
fn illustrate(operation: &mut Operation, path: &str) {
    let examples = examples::of(path);
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let Some(RefOr::T(content)) = body.content.get_mut(JSON) else { return };
        for example in &examples {
            content.examples.insert(example.name.to_owned(), shown(example, &example.request));
        }
    }
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") else { return };
    if let Some(RefOr::T(content)) = response.content.get_mut(JSON) {
        for example in &examples {
            if let Some(answer) = &example.answer {
                content.examples.insert(example.name.to_owned(), shown(example, answer));
            }
        }
    }
}

fn shown(example: &examples::Example, value: &Value) -> RefOr<Example> {
    ExampleBuilder::new().summary(example.summary).value(Some(value.clone())).build().into()
}

/// Schemas whose types accept no further fields although the derived schema does not say so; the
/// variants of enums are others.
const CLOSED: [&str; 2] = ["TypedData", "TypedMember"];

fn close(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema {
        if !object.properties.is_empty() {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// The answer at [`PATH`], written once.
#[derive(Debug, Clone)]
pub struct Served(Bytes);

/// A document ready to be served.
pub fn served(document: &OpenApi) -> Served {
    // A tree of strings and numbers: this cannot fail.
    Served(document.to_pretty_json().unwrap_or_default().into())
}

impl IntoResponse for Served {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("application/json");
        ([(CONTENT_TYPE, kind)], self.0).into_response()
    }
}
