//! One document: product, hosts, operations.

use super::node::Node;
use super::{answer, operation};
use crate::model::{Cloud, ErrorCode, Method, Operation, Product, Region, Server, Site, Text};

/// What every operation of a document shares.
pub(super) struct Shared {
    pub(super) product: Product,
    pub(super) cloud: Cloud,
    pub(super) servers: Vec<Server>,
    /// Errors that any call of the product can answer.
    pub(super) errors: Vec<ErrorCode>,
}

/// The operations with the places where they stand. Problems go to the report; an operation with problems may
/// still be returned, because the catalogue is refused as a whole.
pub(super) fn read(root: &Node<'_>) -> Vec<(String, Operation)> {
    root.only(&[&[
        "openapi",
        "info",
        "servers",
        "security",
        "paths",
        "components",
        "externalDocs",
        "x-errors",
    ]]);
    if let Some(version) = root.need("openapi")
        && version.text().is_some_and(|text| !text.starts_with("3.1."))
    {
        version.say("must be an OpenAPI version 3.1.x");
    }
    check_components(root);
    check_security(root);
    let Some(shared) = shared(root) else { return Vec::new() };
    let Some(paths) = root.need("paths") else { return Vec::new() };
    let mut operations = Vec::new();
    for (path, item) in paths.members() {
        item.only(&[&["get", "post", "put", "delete"]]);
        for (name, method) in
            [("get", Method::Get), ("post", Method::Post), ("put", Method::Put), ("delete", Method::Delete)]
        {
            if let Some(node) = item.get(name)
                && let Some(operation) = operation::read(&node, path, method, &shared)
            {
                operations.push((node.place().to_owned(), operation));
            }
        }
    }
    operations
}

fn shared(root: &Node<'_>) -> Option<Shared> {
    let errors = root.get("x-errors").map(|node| answer::errors(&node)).unwrap_or_default();
    let servers = servers(root);
    let info = root.need("info")?;
    info.only(&[&["title", "version", "description", "contact", "license", "x-zh", "x-product", "x-cloud"]]);
    info.only_chinese(&["title", "description"]);
    info.words("description", "description", false);
    info.need_text("version");
    let product = Product { code: info.need_text("x-product"), title: info.words("title", "title", true) };
    let cloud = info.need("x-cloud")?.one_of(&[("alibaba", Cloud::Alibaba), ("huawei", Cloud::Huawei)])?;
    Some(Shared { product, cloud, servers, errors })
}

fn servers(root: &Node<'_>) -> Vec<Server> {
    let nodes = root.get("servers").map(|node| node.items()).unwrap_or_default();
    if nodes.is_empty() {
        root.say("`servers` is missing: without a host nothing can be sent");
    }
    nodes.iter().filter_map(server).collect()
}

fn server(node: &Node<'_>) -> Option<Server> {
    node.only(&[&["url", "description", "variables", "x-site"]]);
    let url = node.need("url")?;
    let text = url.text()?;
    let Some(host) = text.strip_prefix("https://").map(|host| host.strip_suffix('/').unwrap_or(host)) else {
        url.say("must start with https://");
        return None;
    };
    let plain = host.replace("{region}", "region");
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    if !plain.split('.').all(label)
        || !plain
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
    {
        url.say("must be a host in lower case, with no variable but {region} and no path");
        return None;
    }
    let variables = node.get("variables");
    if let Some(variables) = &variables {
        variables.only(&[&["region"]]);
    }
    let variable = variables.and_then(|variables| variables.get("region"));
    let regions = match (host.contains("{region}"), variable) {
        (true, Some(variable)) => regions(&variable),
        (true, None) => {
            node.say("`variables.region` is missing");
            Vec::new()
        }
        (false, Some(variable)) => {
            variable.say("the url has no {region}");
            Vec::new()
        }
        (false, None) => Vec::new(),
    };
    let site = node
        .get("x-site")
        .and_then(|site| site.one_of(&[("china", Site::China), ("international", Site::International)]));
    Some(Server { host: host.to_owned(), site, regions })
}

fn regions(variable: &Node<'_>) -> Vec<Region> {
    variable.only(&[&["default", "enum", "description", "x-titles"]]);
    let ids: Vec<&str> = variable
        .need("enum")
        .map(|node| node.items())
        .unwrap_or_default()
        .iter()
        .filter_map(Node::text)
        .collect();
    if ids.is_empty() {
        variable.say("`enum` must name at least one region");
    }
    if let Some(default) = variable.need("default")
        && let Some(text) = default.text()
        && !ids.contains(&text)
    {
        default.say("must be one of `enum`");
    }
    let titles = variable.get("x-titles");
    if let Some(titles) = &titles {
        for (id, title) in titles.members() {
            if !ids.contains(&id) {
                title.say("is not a region in `enum`");
            }
        }
    }
    let mut regions: Vec<Region> = Vec::new();
    for id in ids {
        if regions.iter().any(|known| known.id == id) {
            variable.say(format!("`{id}` stands in `enum` twice"));
            continue;
        }
        let title = titles.as_ref().and_then(|titles| titles.get(id)).map(|node| node.pair());
        // A region that the vendor gives no name goes by its id.
        let title = title.unwrap_or_else(|| Text { en: id.to_owned(), zh: id.to_owned() });
        regions.push(Region { id: id.to_owned(), title });
    }
    regions
}

fn check_components(root: &Node<'_>) {
    if let Some(components) = root.get("components") {
        components.only(&[&["schemas", "securitySchemes"]]);
    }
}

/// Security is said for other tools; here only that its names exist.
fn check_security(root: &Node<'_>) {
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    for item in root.get("security").map(|node| node.items()).unwrap_or_default() {
        for (name, requirement) in item.members() {
            if !schemes.as_ref().is_some_and(|schemes| schemes.has(name)) {
                requirement.say("is not in components.securitySchemes");
            }
        }
    }
}
