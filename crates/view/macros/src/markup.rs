//! From markup to a template and its parts.

use crate::svg::is_svg;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use rstml::node::{
    KVAttributeValue, KeyedAttribute, KeyedAttributeValue, Node, NodeAttribute, NodeBlock, NodeElement,
};
use rstml::{Parser, ParserConfig};
use syn::spanned::Spanned;
use syn::{Block, Error, Expr, Lit, LitStr, Stmt};

/// The marks of a template; `upgrade-view` reads them (`template.rs`, with the same names).
mod mark {
    pub(super) const OPEN: char = '\u{1}';
    pub(super) const OPEN_SVG: char = '\u{2}';
    pub(super) const CLOSE: char = '\u{3}';
    pub(super) const TEXT: char = '\u{4}';
    pub(super) const NAME: char = '\u{5}';
    pub(super) const VALUE: char = '\u{6}';
    pub(super) const CHILD: char = '\u{7}';
    pub(super) const ATTRIBUTE: char = '\u{8}';
    pub(super) const PROPERTY: char = '\u{e}';
    pub(super) const EVENT: char = '\u{f}';
    pub(super) const REFERENCE: char = '\u{10}';
}

/// The whole markup as an expression of the type `View`.
pub(crate) fn expand(tokens: TokenStream) -> Result<TokenStream, Error> {
    let parser = Parser::new(ParserConfig::default().recover_block(true));
    let (nodes, errors) = parser.parse_recoverable(tokens).split_vec();
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let drawn = views(&nodes)?;
    Ok(quote! {{
        #[allow(unused_braces)]
        {
            #(#errors;)*
            #drawn
        }
    }})
}

/// Several nodes beside each other.
fn views(nodes: &[Node]) -> Result<TokenStream, Error> {
    let drawn: Vec<TokenStream> =
        nodes.iter().map(view).filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(match drawn.as_slice() {
        [] => quote! { ::leptos::View::empty() },
        [one] => one.clone(),
        several => quote! { ::leptos::View::list() #(.part(#several))* },
    })
}

/// One node that stands by itself; a comment is nothing.
fn view(node: &Node) -> Result<Option<TokenStream>, Error> {
    Ok(Some(match node {
        Node::Element(element) if is_component(element) => component(element)?,
        Node::Element(element) => {
            let mut template = Template::default();
            template.element(element)?;
            template.finish()
        }
        Node::Block(block) => quote! { ::leptos::IntoView::into_view(#block) },
        Node::Text(text) => {
            let text = &text.value;
            quote! { ::leptos::IntoView::into_view(#text) }
        }
        Node::Fragment(fragment) => views(&fragment.children)?,
        Node::Comment(_) => return Ok(None),
        other => return Err(Error::new(other.span(), "write a text in quotation marks")),
    }))
}

/// A template while it is written.
#[derive(Default)]
struct Template {
    text: String,
    parts: Vec<TokenStream>,
}

impl Template {
    fn finish(self) -> TokenStream {
        let Template { text, parts } = self;
        quote! { ::leptos::View::element(#text) #(#parts)* }
    }

    /// A mark and what follows it.
    fn say(&mut self, mark: char, text: &str, place: &impl Spanned) -> Result<(), Error> {
        if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err(Error::new(place.span(), "control characters cannot stand in markup"));
        }
        self.text.push(mark);
        self.text.push_str(text);
        Ok(())
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>) -> Result<(), Error> {
        let name = element.name().to_string();
        let mark = if is_svg(&name) { mark::OPEN_SVG } else { mark::OPEN };
        self.say(mark, &name, element.name())?;
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(attribute) => self.attribute(attribute)?,
                NodeAttribute::Block(block) => {
                    return Err(Error::new(block.span(), "an attribute needs a name"));
                }
            }
        }
        for child in &element.children {
            self.child(child)?;
        }
        self.text.push(mark::CLOSE);
        Ok(())
    }

    fn child(&mut self, child: &Node) -> Result<(), Error> {
        match child {
            Node::Element(element) if !is_component(element) => self.element(element)?,
            Node::Text(text) => self.say(mark::TEXT, &text.value_string(), text)?,
            Node::Block(block) if literal_block(block).is_some() => {
                let text = literal_block(block).unwrap_or_default();
                self.say(mark::TEXT, &text, block)?;
            }
            Node::Fragment(fragment) => {
                for child in &fragment.children {
                    self.child(child)?;
                }
            }
            other => {
                if let Some(drawn) = view(other)? {
                    self.text.push(mark::CHILD);
                    self.parts.push(quote! { .part(#drawn) });
                }
            }
        }
        Ok(())
    }

    fn attribute(&mut self, attribute: &KeyedAttribute) -> Result<(), Error> {
        let key = attribute.key.to_string();
        // `r#type` is written where a word of Rust is an attribute.
        let key = key.strip_prefix("r#").unwrap_or(&key);
        let value = attribute_value(attribute)?;
        if let Some(event) = key.strip_prefix("on:") {
            let descriptor: Ident = format_ident!("{event}", span = attribute.key.span());
            self.say(mark::EVENT, event, &attribute.key)?;
            self.parts.push(quote! { .on(::leptos::ev::#descriptor, #value) });
        } else if let Some(property) = key.strip_prefix("prop:") {
            self.say(mark::PROPERTY, property, &attribute.key)?;
            self.parts.push(quote! { .attribute(#value) });
        } else if key == "node_ref" {
            self.text.push(mark::REFERENCE);
            self.parts.push(quote! { .reference(#value) });
        } else if key.contains(':') {
            return Err(Error::new(attribute.key.span(), "only on: and prop: are known here"));
        } else if let Some(text) = literal(&value) {
            // `false` leaves the attribute out, `true` names it.
            match text {
                Literal::Text(text) => {
                    self.say(mark::NAME, key, &attribute.key)?;
                    self.say(mark::VALUE, &text, &value)?;
                }
                Literal::Flag(true) => {
                    self.say(mark::NAME, key, &attribute.key)?;
                    self.text.push(mark::VALUE);
                }
                Literal::Flag(false) => {}
            }
        } else {
            self.say(mark::ATTRIBUTE, key, &attribute.key)?;
            self.parts.push(quote! { .attribute(#value) });
        }
        Ok(())
    }
}

/// The value of an attribute; one that is only named is true.
fn attribute_value(attribute: &KeyedAttribute) -> Result<Expr, Error> {
    match &attribute.possible_value {
        KeyedAttributeValue::Value(value) => match &value.value {
            KVAttributeValue::Expr(expression) => Ok(expression.clone()),
            KVAttributeValue::InvalidBraced(block) => Err(Error::new(block.span(), "this is no expression")),
        },
        KeyedAttributeValue::None => Ok(syn::parse_quote!(true)),
        KeyedAttributeValue::Binding(binding) => {
            Err(Error::new(binding.inputs.span(), "an attribute takes a value, no binding"))
        }
    }
}

enum Literal {
    Text(String),
    Flag(bool),
}

fn literal(value: &Expr) -> Option<Literal> {
    let Expr::Lit(literal) = value else { return None };
    Some(match &literal.lit {
        Lit::Str(text) => Literal::Text(text.value()),
        Lit::Int(number) => Literal::Text(number.base10_digits().to_owned()),
        Lit::Bool(flag) => Literal::Flag(flag.value),
        _ => return None,
    })
}

/// `{"text"}`: a block that is only a text.
fn literal_block(block: &NodeBlock) -> Option<String> {
    let NodeBlock::ValidBlock(Block { stmts, .. }) = block else { return None };
    match stmts.as_slice() {
        [Stmt::Expr(Expr::Lit(literal), None)] => match &literal.lit {
            Lit::Str(text) => Some(LitStr::value(text)),
            _ => None,
        },
        _ => None,
    }
}

/// Components begin with a capital letter, elements do not.
fn is_component(element: &NodeElement<rstml::Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit("::").next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// A call of a component, through the builder that `#[component]` makes.
fn component(element: &NodeElement<rstml::Infallible>) -> Result<TokenStream, Error> {
    let name = element.name();
    let mut properties = Vec::new();
    for attribute in element.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return Err(Error::new(attribute.span(), "a property needs a name"));
        };
        let key = &attribute.key;
        let value = match &attribute.possible_value {
            // `name` alone hands on a variable of this name.
            KeyedAttributeValue::None => quote! { #key },
            _ => {
                let value = attribute_value(attribute)?;
                quote! { #value }
            }
        };
        properties.push(quote! { .#key(#[allow(unused_braces)] { #value }) });
    }
    let children = if element.children.is_empty() {
        quote! {}
    } else {
        let inside = views(&element.children)?;
        quote! { .children(::leptos::children::ToChildren::to_children(move || #inside)) }
    };
    Ok(quote! {
        ::leptos::IntoView::into_view(::leptos::component::component_view(
            &#name,
            ::leptos::component::component_props_builder(&#name) #(#properties)* #children .build(),
        ))
    })
}
