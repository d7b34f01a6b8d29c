//! The service's routes, its description, and every form of refusal, without a socket.

mod service;

use axum::body::Body;
use axum::http::{Method, Request};
use axum::routing::{get, post};
use axum::Router;
use modelbond::serve::body::Json;
use modelbond::serve::examples;
use modelbond::serve::router::{document, guarded};
use modelbond::serve::shutdown::Phase;
use modelbond::serve::{Chain, Settings};
use rstest::rstest;
use serde::Deserialize;
use serde_json::{json, Value};
use service::Service;

const VERIFY: &str = "/v1/signatures/verify";
const RECOVER: &str = "/v1/signatures/recover";
const CONVERT: &str = "/v1/signatures/convert";

fn example(path: &str, name: &str) -> Value {
    let found = examples::of(path).into_iter().find(|example| example.name == name);
    found.unwrap().request
}

#[tokio::test]
async fn every_example_is_answered_as_the_description_says() {
    let service = Service::new();
    let mut seen = 0;
    for path in [VERIFY, RECOVER, CONVERT] {
        for example in examples::of(path) {
            let answer = service.post(path, &example.request).await.ok();
            // The service has another prefix where the request names none.
            let text = answer.to_string().replace("wasm1", "cosmos1");
            let expected = example.answer.unwrap();
            assert_eq!(answer["valid"], expected["valid"], "{}", example.name);
            assert_eq!(
                text.matches("cosmos1").count(),
                expected.to_string().matches("cosmos1").count()
            );
            if path == CONVERT {
                assert_eq!(answer, expected);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}

#[tokio::test]
async fn a_valid_signature_comes_with_its_key() {
    let answer = Service::new().post(VERIFY, example(VERIFY, "cosmos_bytes")).await.ok();
    assert_eq!(answer["valid"], true);
    assert_eq!(answer["reason"], Value::Null);
    assert_eq!(answer["key"]["public_key_base64"], "A/MdHVpitzHNSdD1Zw3kY+L5PEIPyd9l6sD5i4aIfXp9");
    assert_eq!(answer["key"]["addresses"]["eth"], "0x5B27B60B87EE3A9aa54201845B3B4b8d45AE934e");
}

#[tokio::test]
async fn a_signature_that_is_not_valid_is_an_answer() {
    let answer = Service::new().post(VERIFY, example(VERIFY, "other_signer")).await.ok();
    assert_eq!(answer["valid"], false);
    assert_eq!(answer["reason"]["code"], "other_signer");
    assert_eq!(answer["key"], Value::Null);
}

#[tokio::test]
async fn a_signature_without_recovery_id_has_two_possible_signers() {
    let mut request = example(RECOVER, "cosmos_bytes");
    request["message"] = json!({ "scheme": "direct", "sign_doc": "" });
    let answer = Service::new().post(RECOVER, request).await.ok();
    assert_eq!(answer["keys"].as_array().unwrap().len(), 2);
}

/// Of the key of 1.
const OTHER: &str = "cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c";

#[tokio::test]
async fn a_document_that_names_its_signer_has_one_possible_signer() {
    let request = example(RECOVER, "cosmos_bytes");
    let answer = Service::new().post(RECOVER, &request).await.ok();
    let keys = answer["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 1, "{answer}");
    assert_eq!(keys[0]["addresses"]["cosmos"], request["message"]["signer"]);
    let other = edited(RECOVER, "cosmos_bytes", "/message/signer", json!(OTHER));
    let answer = Service::new().post(RECOVER, other).await;
    assert_eq!(answer.problem(422, "not_by_signer")["field"], "signature");
}

/// Every signature is one by some key over a document that names whoever is to be blamed.
#[tokio::test]
async fn a_document_that_names_somebody_else_is_not_valid() {
    let service = Service::new();
    let other = edited(RECOVER, "cosmos_bytes", "/message/signer", json!(OTHER));
    let mut request: Value = serde_json::from_str(&other).unwrap();
    let message = modelbond::signatures::RecoverRequest::deserialize(&request).unwrap();
    for key in modelbond::signatures::recover(&message, "cosmos").unwrap().keys {
        for signer in [&key.public_key, &key.addresses.cosmos, &key.addresses.eth] {
            request["signer"] = json!(signer);
            let answer = service.post(VERIFY, &request).await.ok();
            assert_eq!((&answer["valid"], &answer["key"]), (&json!(false), &Value::Null));
            assert_eq!(answer["reason"]["code"], "other_signer");
            let detail = answer["reason"]["detail"].as_str().unwrap();
            assert!(detail.contains(OTHER) && detail.contains(&key.addresses.cosmos), "{detail}");
        }
    }
}

fn edited(path: &str, name: &str, pointer: &str, value: Value) -> String {
    let mut request = example(path, name);
    match request.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => request[pointer.trim_start_matches('/')] = value,
    }
    request.to_string()
}

#[rstest]
#[case::signer(VERIFY, "ethereum_text", "/signer", json!("nobody"), "signer", "signer")]
#[case::checksum(VERIFY, "ethereum_text", "/signer", json!("0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"), "checksum", "signer")]
#[case::signature(RECOVER, "ethereum_text", "/signature", json!("0x12"), "length", "signature")]
#[case::encoding(VERIFY, "ethereum_text", "/signature", json!("%%"), "encoding", "signature")]
#[case::signer_of_the_message(VERIFY, "cosmos_bytes", "/message/signer", json!("cosmos1x"), "bech32", "message.signer")]
#[case::typed_data(VERIFY, "ethereum_typed_data", "/message/typed_data/primaryType", json!("Male"), "typed_data", "typed_data")]
#[case::recovery_id(CONVERT, "normalize", "/recovery_id", json!(2), "recovery_byte", "recovery_id")]
#[case::point_in_a_whole_number(CONVERT, "normalize", "/recovery_id", json!(1.0), "number_form", "recovery_id")]
#[case::signer_that_is_not_needed(CONVERT, "from_ethereum", "/signer", json!("nobody"), "signer", "signer")]
#[tokio::test]
async fn a_value_that_cannot_be_read_is_422_and_named(
    #[case] path: &str,
    #[case] name: &str,
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] field: &str,
) {
    let answer = Service::new().post(path, edited(path, name, pointer, value)).await;
    assert_eq!(answer.problem(422, code)["field"], field);
}

#[rstest]
#[case::empty("", "json_syntax", Value::Null)]
#[case::not_json("{", "json_syntax", Value::Null)]
#[case::list("[1]", "json_schema", Value::Null)]
#[case::list_of_values(r#"[{"scheme": "eip191", "data": ""}, "", ""]"#, "json_schema", Value::Null)]
#[case::message_as_a_list(&edited(VERIFY, "ethereum_text", "/message", json!(["eip191", "hello world", "utf8"])), "json_schema", json!("message"))]
#[case::typed_data_as_a_list(&edited(VERIFY, "ethereum_typed_data", "/message/typed_data", json!([{}, "Mail", {}, {}])), "json_schema", json!("message"))]
#[case::member_as_a_list(&edited(VERIFY, "ethereum_typed_data", "/message/typed_data/types/Person/0", json!(["name", "string"])), "json_schema", json!("message"))]
#[case::missing_field("{}", "json_schema", Value::Null)]
#[case::wrong_type(&edited(VERIFY, "ethereum_text", "/signature", json!(7)), "json_schema", json!("signature"))]
#[case::unknown_field(&edited(VERIFY, "ethereum_text", "/signatur", json!("00")), "json_schema", json!("signatur"))]
#[case::unknown_scheme(&edited(VERIFY, "ethereum_text", "/message/scheme", json!("eip")), "json_schema", json!("message.scheme"))]
#[case::field_of_another_scheme(&edited(VERIFY, "ethereum_text", "/message", json!({"scheme": "eip191", "data": "", "signer": ""})), "json_schema", json!("message"))]
#[case::repeated_field(
    r#"{"signer": "", "signer": "", "signature": "", "message": {"scheme": "eip191", "data": ""}}"#,
    "json_schema",
    Value::Null
)]
#[tokio::test]
async fn a_body_that_does_not_fit_is_400(
    #[case] body: &str,
    #[case] code: &str,
    #[case] field: Value,
) {
    let problem = Service::new().post(VERIFY, body).await.problem(400, code);
    assert_eq!(problem["field"], field, "{problem}");
}

#[tokio::test]
async fn fractions_and_lists_are_no_conversion_either() {
    let service = Service::new();
    for (pointer, value) in [("/recovery_id", json!(0.5)), ("/message", json!(["eip191", ""]))] {
        let body = edited(CONVERT, "normalize", pointer, value);
        service.post(CONVERT, body).await.problem(400, "json_schema");
    }
    service.post(CONVERT, edited(CONVERT, "normalize", "/message", Value::Null)).await.ok();
}

#[tokio::test]
async fn routing_faults_are_problems() {
    let service = Service::new();
    service.get("/").await.problem(404, "not_found");
    service.get("/v1/identities/").await.problem(404, "not_found");
    service.get("/v1/identities/%ff").await.problem(400, "path");
    let answer = service.send(Method::PUT, VERIFY, None, "").await;
    answer.problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "POST");
    let answer = service.send(Method::POST, "/health", None, "").await;
    answer.problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[rstest]
#[case::none(None)]
#[case::text(Some("text/plain"))]
#[case::form(Some("application/x-www-form-urlencoded"))]
#[case::problem(Some("application/jsonx"))]
#[tokio::test]
async fn another_media_type_is_415(#[case] content_type: Option<&str>) {
    let body = example(VERIFY, "ethereum_text").to_string();
    let answer = Service::new().send(Method::POST, VERIFY, content_type, body).await;
    assert_eq!(answer.problem(415, "content_type")["field"], "content-type");
}

#[tokio::test]
async fn a_charset_may_follow_the_media_type() {
    let body = example(VERIFY, "ethereum_text").to_string();
    let kind = Some("Application/JSON; charset=utf-8");
    Service::new().send(Method::POST, VERIFY, kind, body).await.ok();
}

#[tokio::test]
async fn a_body_above_the_limit_is_413() {
    let settings = Settings { body_limit: 1000, ..Settings::default() };
    let service = Service::with(settings, Chain::none());
    let json = Some("application/json");
    service.send(Method::POST, VERIFY, json, vec![b' '; 1001]).await.problem(413, "body_too_large");
    let request = Request::post(VERIFY)
        .header("content-type", "application/json")
        .header("content-length", "1001")
        .body(Body::empty());
    service.call(request.unwrap()).await.problem(413, "body_too_large");
    service.send(Method::POST, VERIFY, json, vec![b' '; 1000]).await.problem(400, "json_syntax");
    let metrics = service.get("/metrics").await.body;
    assert!(metrics.contains("modelbond_http_rejected_total{limit=\"body\"} 2"), "{metrics}");
}

#[tokio::test]
async fn a_client_above_its_rate_is_429_and_others_are_not() {
    let settings = Settings { rate_limit: 1, rate_burst: 2, ..Settings::default() };
    let service = Service::with(settings, Chain::none());
    let (client, path) = ("192.0.2.1", "/openapi.json");
    for _ in 0..2 {
        service.get_from(path, client).await.ok();
    }
    let answer = service.get_from(path, client).await;
    answer.problem(429, "rate_limited");
    assert_eq!(answer.header("retry-after"), "1");
    service.get_from(path, "192.0.2.2").await.ok();
    for _ in 0..5 {
        service.get_from("/health", client).await.ok();
        assert_eq!(service.get_from("/metrics", client).await.status, 200);
    }
    let metrics = service.get("/metrics").await.body;
    assert!(metrics.contains("modelbond_http_rejected_total{limit=\"rate\"} 1"), "{metrics}");
}

#[tokio::test]
async fn what_panics_is_500_and_what_takes_too_long_is_503() {
    let settings = Settings { request_timeout_ms: 2, chain_timeout_ms: 1, ..Settings::default() };
    let mut service = Service::with(settings, Chain::none());
    let routes = Router::new()
        .route("/panic", get(async || -> &'static str { panic!("secret") }))
        .route("/slow", get(std::future::pending::<&'static str>))
        .route(
            "/slow_with_body",
            post(async |Json(_): Json<Value>| std::future::pending::<()>().await),
        );
    service.router = guarded(service.app.clone(), routes);
    let answer = service.get("/panic").await;
    answer.problem(500, "internal");
    assert!(!answer.body.contains("secret"));
    service.get("/slow").await.problem(503, "timeout");
    service.post("/slow_with_body", "{}").await.problem(503, "timeout");
}

#[tokio::test]
async fn request_ids_are_kept_or_made() {
    let service = Service::new();
    let with =
        |id: &str| Request::get("/health").header("x-request-id", id).body(Body::empty()).unwrap();
    assert_eq!(service.call(with("abc-1")).await.header("x-request-id"), "abc-1");
    let ids = [
        service.call(with("two words")).await,
        service.call(with(&"x".repeat(129))).await,
        service.call(with("")).await,
        service.get("/nowhere").await,
    ];
    let ids: std::collections::BTreeSet<&str> =
        ids.iter().map(|answer| answer.header("x-request-id")).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == 25), "{ids:?}");
}

#[tokio::test]
async fn a_service_that_drains_says_so_and_still_answers() {
    let service = Service::new();
    let health = service.get("/health").await;
    assert_eq!(health.ok()["status"], "ok");
    assert_eq!(health.header("connection"), "");
    service.app.shutdown().advance(Phase::Draining);
    let health = service.get("/health").await;
    assert_eq!((health.status.as_u16(), health.json()["status"].clone()), (503, "draining".into()));
    let answer = service.post(VERIFY, example(VERIFY, "ethereum_text")).await;
    assert_eq!(answer.ok()["valid"], true);
    assert_eq!(answer.header("connection"), "close");
}

#[tokio::test]
async fn phases_only_go_forward() {
    let service = Service::new();
    let shutdown = service.app.shutdown();
    shutdown.advance(Phase::Closing);
    shutdown.advance(Phase::Draining);
    shutdown.reached(Phase::Closing).await;
}

#[tokio::test]
async fn what_happens_is_counted() {
    let service = Service::new();
    service.post(VERIFY, example(VERIFY, "ethereum_text")).await.ok();
    service.post(VERIFY, example(VERIFY, "other_signer")).await.ok();
    service.post(VERIFY, example(VERIFY, "cosmos_bytes")).await.ok();
    service.get("/a").await;
    service.send(Method::from_bytes(b"BREW").unwrap(), "/b", None, "").await;
    let answer = service.get("/metrics").await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        "modelbond_signature_verdicts_total{scheme=\"eip191\",verdict=\"valid\"} 1",
        "modelbond_signature_verdicts_total{scheme=\"eip191\",verdict=\"invalid\"} 1",
        "modelbond_signature_verdicts_total{scheme=\"adr036\",verdict=\"valid\"} 1",
        "modelbond_http_requests_total{method=\"POST\",route=\"/v1/signatures/verify\",status=\"200\"} 3",
        "modelbond_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 1",
        "modelbond_http_requests_total{method=\"other\",route=\"unmatched\",status=\"404\"} 1",
        "modelbond_http_request_seconds_count{route=\"/v1/signatures/verify\"} 3",
        "modelbond_http_in_flight 1",
        "modelbond_build_info{version=\"0.1.0\"} 1",
    ] {
        assert!(answer.body.lines().any(|found| found == line), "{line}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_description_is_served_and_lists_every_status() {
    let served = Service::new().get("/openapi.json").await.ok();
    assert_eq!(served, serde_json::to_value(document()).unwrap());
    assert_eq!(served["openapi"], "3.1.0");
    let statuses = |path: &str, method: &str| {
        let responses = served["paths"][path][method]["responses"].as_object().unwrap();
        responses.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    for path in [VERIFY, RECOVER, CONVERT] {
        assert_eq!(statuses(path, "post"), "200 400 405 408 413 415 422 429 500 503", "{path}");
    }
    let identity = "/v1/identities/{address}";
    assert_eq!(statuses(identity, "get"), "200 400 404 405 422 429 500 502 503");
    assert_eq!(statuses("/health", "get"), "200 405 500 503");
    assert_eq!(statuses("/metrics", "get"), "200 405 500 503");
    assert_eq!(statuses("/info", "get"), "200 405 429 500 503");
    assert_eq!(statuses("/public/latest", "get"), "200 404 405 429 500 503");
    assert_eq!(statuses("/public/{round}", "get"), "200 400 404 405 429 500 503");
    assert_eq!(served["paths"].as_object().unwrap().len(), 9);
}

#[tokio::test]
async fn a_route_is_limited_by_rate_where_its_description_says_so() {
    let settings = Settings { rate_limit: 1, rate_burst: 1, ..Settings::default() };
    let service = Service::with(settings, Chain::none());
    let document = serde_json::to_value(document()).unwrap();
    for (number, (path, item)) in document["paths"].as_object().unwrap().iter().enumerate() {
        let client = format!("192.0.2.{number}");
        service.get_from(path, &client).await;
        let limited = service.get_from(path, &client).await.status == 429;
        for operation in item.as_object().unwrap().values() {
            assert_eq!(operation["responses"]["429"].is_object(), limited, "{path}");
        }
    }
}

#[tokio::test]
async fn every_refusal_of_the_description_is_a_problem() {
    let document = serde_json::to_value(document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            assert!(operation["summary"].is_string(), "{path}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["headers"]["x-request-id"].is_object(), "{path} {status}");
                if status.starts_with('2') {
                    continue;
                }
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{path} {status}");
            }
        }
    }
}
