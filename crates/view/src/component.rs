//! How `view!` calls a component without knowing the name of its properties' type. `#[component]` writes for these
//! names, which are Leptos'.

/// Properties, which a builder collects.
pub trait Props {
    /// The builder.
    type Builder;

    /// A builder without any property yet.
    fn builder() -> Self::Builder;
}

/// A builder for a component with properties, or for one without any.
pub trait PropsOrNoPropsBuilder {
    /// The builder.
    type Builder;

    /// A builder without any property yet.
    fn builder_or_not() -> Self::Builder;
}

/// Builds no properties.
#[derive(Clone, Copy, Debug)]
pub struct EmptyPropsBuilder;

impl EmptyPropsBuilder {
    /// No properties.
    pub fn build(self) {}
}

impl<P: Props> PropsOrNoPropsBuilder for P {
    type Builder = P::Builder;

    fn builder_or_not() -> P::Builder {
        P::builder()
    }
}

impl PropsOrNoPropsBuilder for EmptyPropsBuilder {
    type Builder = EmptyPropsBuilder;

    fn builder_or_not() -> EmptyPropsBuilder {
        EmptyPropsBuilder
    }
}

/// A function that is a component.
pub trait Component<P> {}

impl<F: FnOnce() -> R, R> Component<EmptyPropsBuilder> for F {}

impl<P: Props, F: FnOnce(P) -> R, R> Component<P> for F {}

/// The builder of a component's properties.
pub fn component_props_builder<P: PropsOrNoPropsBuilder>(_: &impl Component<P>) -> P::Builder {
    P::builder_or_not()
}

/// A component that can be called with these properties.
pub trait ComponentConstructor<P, T> {
    /// Calls it.
    fn construct(self, properties: P) -> T;
}

impl<F: FnOnce() -> T, T> ComponentConstructor<(), T> for F {
    fn construct(self, (): ()) -> T {
        self()
    }
}

impl<F: FnOnce(P) -> T, P: PropsOrNoPropsBuilder, T> ComponentConstructor<P, T> for F {
    fn construct(self, properties: P) -> T {
        self(properties)
    }
}

/// Calls a component.
pub fn component_view<P, T>(component: impl ComponentConstructor<P, T>, properties: P) -> T {
    component.construct(properties)
}
