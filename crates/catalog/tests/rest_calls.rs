//! Paths, headers and queries of REST calls that the documents of the program do not use, but others may.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use serde_json::{Value, json};
use upgrade_catalog::call::{CallError, Context, UnsignedCall, prepare};
use upgrade_catalog::reader::Catalogue;

const DOCUMENT: &str = r#"openapi: 3.1.0
info: { title: Product, version: v1, x-zh: { title: 产品 }, x-product: product, x-cloud: huawei }
servers:
  - url: https://product.example.com
paths:
  /v1/things/{thing}/parts:
    get:
      operationId: ListParts
      x-title: List parts
      summary: Lists.
      description: All.
      x-zh: { title: 列出, summary: 列出。, description: 全部。 }
      parameters:
        - { name: thing, in: path, required: true, schema: { type: string, title: Thing, x-zh: { title: 物品 } } }
        - { name: X-Language, in: header, schema: { type: string, title: Language, x-zh: { title: 语言 } } }
        - { name: all, in: query, schema: { type: boolean, title: All, x-zh: { title: 全部 } } }
        - name: kind
          in: query
          schema: { type: array, title: Kinds, x-zh: { title: 类型 }, items: { type: string } }
      responses:
        "200": { description: Done. }
"#;

fn call(parameters: Value) -> Result<UnsignedCall, CallError> {
    let catalogue = Catalogue::read([("product.yaml", DOCUMENT)]).expect("the document reads");
    let operation = catalogue.get("product.ListParts").expect("known");
    let Value::Object(parameters) = parameters else { panic!("parameters are an object") };
    prepare(operation, &parameters, &Context::default())
}

#[test]
fn a_path_value_is_one_segment() {
    let path = |thing: &str| call(json!({"thing": thing})).map(|call| call.path);
    assert_eq!(path("a-b_c.d~1"), Ok("/v1/things/a-b_c.d~1/parts".to_owned()));
    assert_eq!(path("a b?c#d%2F&好"), Ok("/v1/things/a%20b%3Fc%23d%252F%26%E5%A5%BD/parts".to_owned()));
    for bad in ["", ".", "..", "a/b", "/", "..\\x"] {
        assert_eq!(path(bad), Err(CallError::BadPathValue("thing".to_owned())), "{bad}");
    }
    assert_eq!(call(json!({})).map(|call| call.path), Err(CallError::NoPathValue("thing".to_owned())));
}

#[test]
fn headers_and_queries_stay_apart() {
    let made = call(json!({"kind": ["a", "b&c"], "all": false, "thing": "t", "X-Language": "zh_CN"}))
        .expect("a call");
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(made.query, pairs(&[("all", "false"), ("kind", "a"), ("kind", "b&c")]));
    assert_eq!(made.headers, pairs(&[("X-Language", "zh_CN"), ("Content-Type", "application/json")]));
    assert_eq!((made.method, made.body), ("GET", vec![]));
    for bad in ["zh\r\nX-Auth-Token: x", "中文", "a\0"] {
        let made = call(json!({"thing": "t", "X-Language": bad}));
        assert_eq!(made, Err(CallError::BadHeaderValue("X-Language".to_owned())), "{bad:?}");
    }
}

#[test]
fn null_is_not_sent() {
    let made = call(json!({"thing": "t", "all": null, "X-Language": null})).expect("a call");
    assert_eq!(made.query, vec![]);
    assert_eq!(made.headers, [("Content-Type".to_owned(), "application/json".to_owned())]);
}
