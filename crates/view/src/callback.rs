//! Functions as properties of components: they can be copied and end with the owner that made them.

use crate::signals::StoredValue;
use std::fmt;
use std::rc::Rc;

/// A function that can be copied.
pub struct Callback<In, Out = ()>(StoredValue<Rc<Box<dyn Call<In, Out>>>>);

/// A function; a trait of its own, for the table of methods of a `dyn Fn` holds the closure's code three times.
trait Call<In, Out> {
    fn call(&self, input: In) -> Out;
}

impl<F: Fn(In) -> Out, In, Out> Call<In, Out> for F {
    fn call(&self, input: In) -> Out {
        self(input)
    }
}

impl<In, Out> Copy for Callback<In, Out> {}

impl<In, Out> Clone for Callback<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<In, Out> fmt::Debug for Callback<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// From a function.
    #[must_use]
    pub fn new(call: impl Fn(In) -> Out + 'static) -> Self {
        Callback::keep(Box::new(call))
    }

    #[inline(never)]
    fn keep(call: Box<dyn Call<In, Out>>) -> Self {
        Callback(StoredValue::new(Rc::new(call)))
    }

    /// Calls it.
    pub fn run(&self, input: In) -> Out {
        self.0.get_value().call(input)
    }
}

impl<In: 'static> Callback<In> {
    /// Calls it, unless its owner has ended: Chromium tells an input that it lost the focus while it is being taken
    /// away, and by then what it belonged to may be gone.
    pub fn try_run(&self, input: In) {
        if let Some(call) = self.0.try_get_value() {
            call.call(input);
        }
    }
}

impl<F, In: 'static, Out: 'static> From<F> for Callback<In, Out>
where
    F: Fn(In) -> Out + 'static,
{
    fn from(call: F) -> Self {
        Callback::new(call)
    }
}
