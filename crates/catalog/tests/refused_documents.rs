//! Documents that make no sense are refused with file, place and reason.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use upgrade_catalog::reader::Catalogue;

/// A small document that reads. Each case breaks one line of it.
const SOUND: &str = r##"openapi: 3.1.0
info:
  title: Product
  version: v1
  x-zh: { title: 产品 }
  x-product: product
  x-cloud: huawei
servers:
  - url: https://product.{region}.example.com
    variables:
      region:
        default: cn-1
        enum: [cn-1, cn-2]
        x-titles:
          cn-1: { en: One, zh: 一 }
security:
  - Key: []
paths:
  /v1/{project_id}/things/{thing_id}:
    put:
      operationId: ChangeThing
      x-title: Change a thing
      summary: Changes it.
      description: All of it.
      x-zh: { title: 变更, summary: 变更它。, description: 全部。 }
      x-risk: [irreversible]
      parameters:
        - name: project_id
          in: path
          required: true
          x-bind: project
          schema: { type: string }
        - name: thing_id
          in: path
          required: true
          schema:
            type: string
            title: Thing
            x-zh: { title: 物品 }
            pattern: ^[a-z]+$
            x-pattern-words: { en: enter lower-case letters, zh: 请输入小写字母 }
            x-role: instance
      requestBody:
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [size]
              properties:
                size: { $ref: "#/components/schemas/Size" }
      responses:
        "200":
          description: Done.
      x-examples:
        - title: One
          zh: 一
          parameters: { thing_id: a, size: 1 }
      x-errors:
        - { status: 400, code: E, message: "", meaning: Wrong., zh: 错误。 }
components:
  schemas:
    Size:
      type: integer
      format: int32
      title: Size
      x-zh: { title: 大小 }
      minimum: 0
      maximum: 9
  securitySchemes:
    Key: { type: apiKey, in: header, name: Authorization }
"##;

fn problems(text: &str) -> Vec<String> {
    match Catalogue::read([("product.yaml", text)]) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_sound_document_reads() {
    assert_eq!(problems(SOUND), Vec::<String>::new());
}

#[test]
fn what_makes_no_sense_is_refused() {
    const OPERATION: &str = "paths./v1/{project_id}/things/{thing_id}.put";
    let cases: &[(&str, &str, &str, &str)] = &[
        ("openapi: 3.1.0", "openapi: 3.0.3", "openapi", "must be an OpenAPI version 3.1.x"),
        ("  x-product: product\n", "", "info", "`x-product` is missing"),
        ("x-cloud: huawei", "x-cloud: huawey", "info.x-cloud", "`huawey` is not one of alibaba, huawei"),
        ("  x-zh: { title: 产品 }\n", "", "info", "`title` has no Chinese; write it in `x-zh.title`"),
        ("https://product.{region}", "http://product.{region}", "servers[0].url", "must start with https://"),
        (
            "https://product.{region}",
            "https://product.{zone}",
            "servers[0].url",
            "must be a host in lower case, with no variable but {region} and no path",
        ),
        ("default: cn-1", "default: cn-3", "servers[0].variables.region.default", "must be one of `enum`"),
        (
            "cn-1: { en: One, zh: 一 }",
            "cn-9: { en: One, zh: 一 }",
            "servers[0].variables.region.x-titles.cn-9",
            "is not a region in `enum`",
        ),
        ("  - Key: []", "  - Kei: []", "security[0].Kei", "is not in components.securitySchemes"),
        ("x-risk:", "x-risks:", OPERATION, "`x-risks` is not a known extension here; did you mean `x-risk`?"),
        (
            "x-risk: [irreversible]",
            "x-risk: [dangerous]",
            "paths./v1/{project_id}/things/{thing_id}.put.x-risk[0]",
            "`dangerous` is not one of pays, may-pay, irreversible, may-delete, may-stay-unpaid, dry-run, schedules, cancellable, rollback",
        ),
        ("      operationId: ChangeThing\n", "", OPERATION, "`operationId` is missing"),
        ("summary: 变更它。, ", "", OPERATION, "`summary` has no Chinese; write it in `x-zh.summary`"),
        (
            "      description: All of it.\n",
            "",
            OPERATION,
            "`x-zh.description` has no English; write it in `description`",
        ),
        (
            "/things/{thing_id}:",
            "/things/{thing}:",
            "paths./v1/{project_id}/things/{thing}.put",
            "`{thing}` in the path has no parameter with `in: path`",
        ),
        (
            "/things/{thing_id}:",
            "/things:",
            "paths./v1/{project_id}/things.put",
            "`thing_id` is not in the path",
        ),
        (
            "        - name: thing_id\n          in: path\n",
            "        - name: thing_id\n",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1]",
            "`in` is missing",
        ),
        (
            "        - name: thing_id\n          in: path\n",
            "        - name: thing_id\n          in: cookie\n",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1].in",
            "`cookie` is not one of path, query, header",
        ),
        (
            "x-bind: project",
            "x-bind: tenant",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[0].x-bind",
            "`tenant` is not one of project, domain",
        ),
        (
            "pattern: ^[a-z]+$",
            "pattern: ^[a-z+$",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1].schema.pattern",
            "cannot be read as a regular expression",
        ),
        (
            "            x-pattern-words: { en: enter lower-case letters, zh: 请输入小写字母 }\n",
            "",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1].schema",
            "`pattern` needs `x-pattern-words`, so that a person is told what it asks for",
        ),
        (
            "x-role: instance",
            "x-role: victim",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1].schema.x-role",
            "`victim` is not one of instance, target, region",
        ),
        (
            "x-role: instance",
            "x-role: cancel",
            OPERATION,
            "`thing_id` has a type that does not fit its `x-role`",
        ),
        (
            "            pattern: ^[a-z]+$",
            "            minimum: 1\n            pattern: ^[a-z]+$",
            "paths./v1/{project_id}/things/{thing_id}.put.parameters[1].schema",
            "`minimum` is not a known keyword here",
        ),
        (
            "required: [size]",
            "required: [sizes]",
            "paths./v1/{project_id}/things/{thing_id}.put.requestBody.content.application/json.schema.required[0]",
            "is required, but stands not in `properties`",
        ),
        (
            "\"#/components/schemas/Size\"",
            "\"#/components/schemas/Sise\"",
            "paths./v1/{project_id}/things/{thing_id}.put.requestBody.content.application/json.schema.properties.size.$ref",
            "`#/components/schemas/Sise` is nowhere in this document",
        ),
        (
            "              additionalProperties: false\n",
            "",
            "paths./v1/{project_id}/things/{thing_id}.put.requestBody.content.application/json.schema",
            "`additionalProperties` is missing",
        ),
        ("maximum: 9", "maximum: -9", "components.schemas.Size", "`minimum` is more than `maximum`"),
        (
            "maximum: 9",
            "maximum: 3000000000",
            "components.schemas.Size",
            "a limit or value does not fit into int32",
        ),
        (
            "format: int32",
            "format: int8",
            "components.schemas.Size.format",
            "`int8` is not one of int32, int64",
        ),
        ("type: integer", "type: whole", "components.schemas.Size", "`whole` is not one of string, integer"),
        (
            "type: integer",
            "$ref: \"#/components/schemas/Size\"",
            "components.schemas.Size",
            "is not a known keyword here",
        ),
        (
            "parameters: { thing_id: a, size: 1 }",
            "parameters: { thing_id: a, size: 1, colour: red }",
            "paths./v1/{project_id}/things/{thing_id}.put.x-examples[0]",
            "parameters/colour: “colour” is not a known name here, known are thing_id, size",
        ),
        (
            "parameters: { thing_id: a, size: 1 }",
            "parameters: { thing_id: a, size: 10 }",
            "paths./v1/{project_id}/things/{thing_id}.put.x-examples[0]",
            "parameters/size: Enter 9 or less, you typed “10”",
        ),
        (
            "status: 400",
            "status: 40",
            "paths./v1/{project_id}/things/{thing_id}.put.x-errors[0]",
            "`status` must be an HTTP status",
        ),
        (
            ", zh: 错误。",
            "",
            "paths./v1/{project_id}/things/{thing_id}.put.x-errors[0]",
            "`meaning` has no Chinese; write it in `zh`",
        ),
        (
            "        \"200\":",
            "        \"404\":",
            "paths./v1/{project_id}/things/{thing_id}.put.responses",
            "no successful response",
        ),
        (
            "      x-title: Change a thing\n",
            "      x-title: Change a thing\n      x-title: Twice\n",
            "line 23",
            "not readable as YAML",
        ),
        (
            "servers:\n",
            "servers: []\nservices:\n",
            "document",
            "`servers` is missing: without a host nothing can be sent",
        ),
    ];
    for (sound, broken, place, message) in cases {
        assert_eq!(SOUND.matches(sound).count(), 1, "`{sound}` must stand once");
        let found = problems(&SOUND.replace(sound, broken));
        let wanted = format!("product.yaml: {place}");
        assert!(
            found.iter().any(|problem| problem.starts_with(&wanted) && problem.contains(message)),
            "`{broken}`: no `{wanted}: {message}` in {found:#?}"
        );
    }
}

/// An RPC action that reads, with a value of JSON and a parameter that needs another.
const ACTION: &str = r##"openapi: 3.1.0
info: { title: Product, version: v1, x-zh: { title: 产品 }, x-product: product, x-cloud: alibaba }
servers:
  - url: https://product.example.com
paths:
  /#Action=ListThings:
    get:
      operationId: ListThings
      x-title: List things
      summary: Lists them.
      description: All of them.
      x-zh: { title: 列出, summary: 列出全部。, description: 全部。 }
      x-rpc: { product: Product, version: v1, action: ListThings }
      x-changes: false
      parameters:
        - name: Region
          in: query
          x-needs: [Kind]
          schema: { type: string, title: Region, x-zh: { title: 地域 } }
        - name: Kind
          in: query
          schema: { type: string, title: Kind, x-zh: { title: 类型 } }
        - name: Order
          in: query
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                title: Order
                x-zh: { title: 订单 }
                properties:
                  Months: { type: integer, format: int64, title: Months, x-zh: { title: 月数 } }
        - name: Names
          in: query
          content:
            application/json:
              schema: { type: array, title: Names, x-zh: { title: 名称 }, items: { type: string } }
      responses:
        "200": { description: Done. }
"##;

#[test]
fn actions_are_refused_for_what_makes_no_sense_in_them() {
    assert_eq!(problems(ACTION), Vec::<String>::new());
    const OPERATION: &str = "paths./#Action=ListThings.get";
    for (sound, broken, place, message) in [
        ("x-needs: [Kind]", "x-needs: [Kinds]", "", "`Region` needs `Kinds`, which is not another parameter"),
        (
            "x-needs: [Kind]",
            "x-needs: [Region]",
            "",
            "`Region` needs `Region`, which is not another parameter",
        ),
        ("x-needs: [Kind]", "x-needs: Kind", ".parameters[0].x-needs", "must be a list"),
        (
            "x-changes: false",
            "x-changes: false\n      x-risk: [may-delete]",
            "",
            "what changes nothing risks nothing",
        ),
        (
            "schema: { type: array, title: Names, x-zh: { title: 名称 }, items: { type: string } }",
            "schema: { type: string, title: Names, x-zh: { title: 名称 } }",
            ".parameters[3]",
            "`content` is for an object or a list that goes in the query as one text of JSON",
        ),
        (
            "- name: Names\n          in: query\n",
            "- name: Names\n          in: query\n          x-rpc-style: repeat-list\n",
            ".parameters[3].x-rpc-style",
            "is for lists of an RPC action",
        ),
        (
            "schema: { type: string, title: Kind, x-zh: { title: 类型 } }",
            "schema: { type: object, additionalProperties: true, title: Kind, x-zh: { title: 类型 } }",
            ".parameters[1]",
            "an object goes in the body, or under `content` as one text of JSON",
        ),
    ] {
        assert_eq!(ACTION.matches(sound).count(), 1, "`{sound}` must stand once");
        let found = problems(&ACTION.replace(sound, broken));
        let wanted = format!("product.yaml: {OPERATION}{place}: {message}");
        assert!(
            found.iter().any(|problem| problem.starts_with(&wanted)),
            "`{broken}`: no `{wanted}` in {found:#?}"
        );
    }
}

#[test]
fn the_method_of_an_action_does_not_make_it_a_read() {
    let changes = |text: &str| {
        let catalogue = Catalogue::read([("product.yaml", text)]).expect("the document reads");
        catalogue.operations.iter().map(|operation| operation.call.changes).collect::<Vec<_>>()
    };
    assert_eq!(changes(ACTION), [false]);
    assert_eq!(changes(&ACTION.replace("      x-changes: false\n", "")), [true]);
    assert_eq!(changes(SOUND), [true]);
}

#[test]
fn every_problem_is_told_and_an_id_stands_once() {
    let two = SOUND.replace("default: cn-1", "default: cn-3").replace("maximum: 9", "maximum: -9");
    assert!(problems(&two).len() >= 2);
    let found = Catalogue::read([("one.yaml", SOUND), ("two.yaml", SOUND)]).expect_err("refused");
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "two.yaml: paths./v1/{project_id}/things/{thing_id}.put: there is already an operation `product.ChangeThing`"
        ]
    );
}

#[test]
fn hostile_yaml_ends_in_a_message() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
    }
    for text in
        [bomb, "[".repeat(100_000), "{".repeat(100_000), String::new(), "- 1".to_owned(), "\0".to_owned()]
    {
        assert!(!problems(&text).is_empty());
    }
    let circle = SOUND.replace(
        "      type: integer\n      format: int32\n      title: Size\n      x-zh: { title: 大小 }\n      minimum: 0\n      maximum: 9\n",
        "      $ref: \"#/components/schemas/Size\"\n",
    );
    assert!(
        problems(&circle).iter().any(|problem| problem.contains("goes in circles")),
        "{:?}",
        problems(&circle)
    );
    let inside = SOUND.replace(
        "      type: integer\n      format: int32\n      title: Size\n      x-zh: { title: 大小 }\n      minimum: 0\n      maximum: 9\n",
        "      type: array\n      title: Size\n      x-zh: { title: 大小 }\n      items: { $ref: \"#/components/schemas/Size\" }\n",
    );
    assert!(
        problems(&inside).iter().any(|problem| problem.contains("nested deeper")),
        "{:?}",
        problems(&inside)
    );
}
