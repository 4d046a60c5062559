//! Signals, memos, stored values and effects: Leptos' reactive graph, with the values behind `dyn Any`.
//!
//! Every kind is a name in the arena, so it is `Copy` and ends with the owner that it was made under. What is
//! compiled for a type of value is only the step from `dyn Any` to that type.

use crate::arena::Name;
use reactive_graph::computed::ArcMemo;
use reactive_graph::effect::EffectFunction;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{GetUntracked, Notify, Track};
use send_wrapper::SendWrapper;
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

/// A value of any type. One pointer, so that reading it needs no place on the stack: that is written out for each reader.
type Kept = Rc<Box<dyn Any>>;

#[inline(never)]
fn keep(value: Box<dyn Any>) -> Kept {
    Rc::new(value)
}

/// Drops what was read.
#[inline(never)]
fn release(_: Kept) {}

/// Where a value stands that can become another; empty only while it is being changed.
type Place = Rc<RefCell<Option<Kept>>>;

/// What a key stands for.
#[derive(Clone)]
pub(crate) enum Source {
    /// A value, and who is to be told when it changes.
    Cell(ArcTrigger, Place),
    /// A value that nobody follows.
    Stored(Place),
    /// A value that follows others and is kept.
    Memo(ArcMemo<Remembered>),
    /// A value that is made each time it is read.
    Derived(Rc<Box<dyn Derive>>),
}

/// What makes a value. A trait of its own and not `Fn`: the table of methods of a `dyn Fn` holds the closure's code
/// three times.
pub(crate) trait Derive {
    fn derive(&self) -> Kept;
}

impl<F, T> Derive for F
where
    F: Fn() -> T,
    T: 'static,
{
    fn derive(&self) -> Kept {
        keep(Box::new(self()))
    }
}

/// What a memo keeps.
#[derive(Clone)]
pub(crate) struct Remembered {
    value: SendWrapper<Kept>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Remembered {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&***self.value, &***other.value)
    }
}

fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>() == other.downcast_ref::<T>()
}

/// The value as its type. A key is only made together with the type of its values, so it is always of this type.
#[inline(never)]
fn typed<T: 'static>(kept: &Box<dyn Any>) -> &T {
    kept.downcast_ref::<T>().unwrap_or_else(|| gone())
}

/// What stands in the arena under a name. What does not depend on the type of the value is compiled once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key(Name);

impl Key {
    #[inline(never)]
    fn new(source: Source) -> Key {
        Key(Name::new(source))
    }

    #[inline(never)]
    fn cell(value: Kept) -> Key {
        Key::new(Source::Cell(ArcTrigger::new(), Rc::new(RefCell::new(Some(value)))))
    }

    #[inline(never)]
    fn stored(value: Kept) -> Key {
        Key::new(Source::Stored(Rc::new(RefCell::new(Some(value)))))
    }

    #[inline(never)]
    fn derived(derive: Box<dyn Derive>) -> Key {
        Key::new(Source::Derived(Rc::new(derive)))
    }

    /// The value now; `None` when its owner has ended.
    #[inline(never)]
    fn read(self, tracked: bool) -> Option<Kept> {
        match self.0.get()? {
            Source::Cell(trigger, place) => {
                if tracked {
                    trigger.track();
                }
                place.borrow().clone()
            }
            Source::Stored(place) => place.borrow().clone(),
            Source::Memo(memo) => {
                if tracked {
                    memo.track();
                }
                Some(memo.get_untracked().value.take())
            }
            Source::Derived(derive) if tracked => Some(derive.derive()),
            Source::Derived(derive) => Some(reactive_graph::graph::untrack(|| derive.derive())),
        }
    }

    /// The value now, of an owner that must live.
    #[inline(never)]
    fn must(self, tracked: bool) -> Kept {
        self.read(tracked).unwrap_or_else(|| gone())
    }

    /// Takes the value out to change it.
    #[inline(never)]
    fn take(self) -> Option<Kept> {
        match self.0.get()? {
            Source::Cell(_, place) | Source::Stored(place) => place.take(),
            _ => None,
        }
    }

    /// Puts a value there and tells those who follow; false when its owner has ended.
    #[inline(never)]
    fn put(self, value: Kept) -> bool {
        match self.0.get() {
            Some(Source::Cell(trigger, place)) => {
                // What stood there is dropped after those who follow were told.
                let _old = place.replace(Some(value));
                trigger.notify();
                true
            }
            Some(Source::Stored(place)) => {
                let _old = place.replace(Some(value));
                true
            }
            _ => false,
        }
    }

    /// Changes the value in its place. Who changes a value while reading it has made a mistake, as in Leptos.
    fn update<T: 'static, U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let mut kept = self.take()?;
        let done =
            change(Rc::get_mut(&mut kept).and_then(|kept| kept.downcast_mut()).unwrap_or_else(|| gone()));
        self.put(kept);
        Some(done)
    }

    /// Sets the value; gives it back when its owner has ended.
    fn set<T: 'static>(self, value: T) -> Option<T> {
        if self.0.get().is_none() {
            return Some(value);
        }
        self.put(keep(Box::new(value)));
        None
    }

    #[inline(never)]
    fn track(self) {
        match self.0.get() {
            Some(Source::Cell(trigger, _)) => trigger.track(),
            Some(Source::Memo(memo)) => memo.track(),
            Some(Source::Derived(derive)) => drop(derive.derive()),
            Some(Source::Stored(_)) | None => {}
        }
    }
}

/// A value that is read although its owner has ended is a mistake in the page, as in Leptos.
#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "there is no value to return; the `try_` methods ask first")]
fn gone() -> ! {
    panic!("a signal was used after its owner had ended, or changed while it was read")
}

/// Reads a value.
fn read<T: 'static, U>(kept: Kept, read: impl FnOnce(&T) -> U) -> U {
    let result = read(typed(&kept));
    release(kept);
    result
}

/// A copy of the value.
#[inline(never)]
fn copy<T: Clone + 'static>(key: Key, tracked: bool) -> T {
    read(key.must(tracked), T::clone)
}

/// A copy of the value, if its owner lives.
fn try_copy<T: Clone + 'static>(key: Key, tracked: bool) -> Option<T> {
    key.read(tracked).map(|kept| read(kept, T::clone))
}

macro_rules! kinds {
    ($($(#[doc = $words:literal])* $name:ident)*) => {$(
        $(#[doc = $words])*
        pub struct $name<T>(Key, PhantomData<fn() -> T>);

        impl<T> Copy for $name<T> {}

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<T> Eq for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}

kinds! {
    /// A value that can be changed; who has read it is told.
    RwSignal
    /// The side of a signal that only reads.
    ReadSignal
    /// The side of a signal that only changes it.
    WriteSignal
    /// A value of any of these kinds, or one that is made each time it is read.
    Signal
    /// A value that follows others and is kept until it is another.
    Memo
    /// A value without followers.
    StoredValue
}

macro_rules! readable {
    ($($name:ident)*) => {$(
        impl<T: 'static> $name<T> {
            /// A copy of the value; followed.
            #[must_use]
            pub fn get(&self) -> T where T: Clone {
                copy(self.0, true)
            }

            /// A copy of the value.
            #[must_use]
            pub fn get_untracked(&self) -> T where T: Clone {
                copy(self.0, false)
            }

            /// A copy of the value, if its owner lives; followed.
            #[must_use]
            pub fn try_get(&self) -> Option<T> where T: Clone {
                try_copy(self.0, true)
            }

            /// A copy of the value, if its owner lives.
            #[must_use]
            pub fn try_get_untracked(&self) -> Option<T> where T: Clone {
                try_copy(self.0, false)
            }

            /// Reads the value; followed.
            pub fn with<U>(&self, look: impl FnOnce(&T) -> U) -> U {
                read(self.0.must(true), look)
            }

            /// Reads the value.
            pub fn with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> U {
                read(self.0.must(false), look)
            }

            /// Reads the value, if its owner lives; followed.
            pub fn try_with<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
                self.0.read(true).map(|kept| read(kept, look))
            }

            /// Reads the value, if its owner lives.
            pub fn try_with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
                self.0.read(false).map(|kept| read(kept, look))
            }

            /// Follows the value without reading it.
            pub fn track(&self) {
                self.0.track();
            }
        }
    )*};
}

readable!(RwSignal ReadSignal Signal Memo);

macro_rules! writable {
    ($($name:ident)*) => {$(
        impl<T: 'static> $name<T> {
            /// Sets the value. Nothing happens when its owner has ended.
            pub fn set(&self, value: T) {
                self.0.put(keep(Box::new(value)));
            }

            /// Sets the value; gives it back when its owner has ended.
            pub fn try_set(&self, value: T) -> Option<T> {
                self.0.set(value)
            }

            /// Changes the value. Nothing happens when its owner has ended.
            pub fn update(&self, change: impl FnOnce(&mut T)) {
                let _ = self.0.update(change);
            }

            /// Changes the value, if its owner lives.
            pub fn try_update<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
                self.0.update(change)
            }
        }
    )*};
}

writable!(RwSignal WriteSignal);

impl<T: 'static> RwSignal<T> {
    /// A signal with this value.
    #[must_use]
    pub fn new(value: T) -> Self {
        RwSignal(Key::cell(keep(Box::new(value))), PhantomData)
    }

    /// The side that only reads.
    #[must_use]
    pub fn read_only(&self) -> ReadSignal<T> {
        ReadSignal(self.0, PhantomData)
    }

    /// The side that only changes.
    #[must_use]
    pub fn write_only(&self) -> WriteSignal<T> {
        WriteSignal(self.0, PhantomData)
    }
}

impl<T: Default + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        RwSignal::new(T::default())
    }
}

/// A signal, as its two sides.
#[must_use]
pub fn signal<T: 'static>(value: T) -> (ReadSignal<T>, WriteSignal<T>) {
    let both = RwSignal::new(value);
    (both.read_only(), both.write_only())
}

impl<T: 'static> Signal<T> {
    /// A value that is made each time it is read.
    #[must_use]
    pub fn derive(derive: impl Fn() -> T + 'static) -> Self {
        Signal(Key::derived(Box::new(derive)), PhantomData)
    }

    /// A value that never changes.
    #[must_use]
    pub fn stored(value: T) -> Self {
        Signal(Key::stored(keep(Box::new(value))), PhantomData)
    }
}

macro_rules! as_signal {
    ($($name:ident)*) => {$(
        impl<T> From<$name<T>> for Signal<T> {
            fn from(one: $name<T>) -> Self {
                Signal(one.0, PhantomData)
            }
        }
    )*};
}

as_signal!(RwSignal ReadSignal Memo);

impl<T: 'static> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Signal::stored(value)
    }
}

impl From<&str> for Signal<String> {
    fn from(text: &str) -> Self {
        Signal::stored(text.to_owned())
    }
}

impl<T: PartialEq + 'static> Memo<T> {
    /// A value that follows what the function reads, and tells its own followers only when it has become another.
    #[must_use]
    pub fn new(compute: impl Fn(Option<&T>) -> T + 'static) -> Self {
        Memo(remember(Box::new(Computing(compute, PhantomData)), same::<T>), PhantomData)
    }
}

/// What computes a memo; a trait of its own for the reason that [`Derive`] is one.
trait Compute {
    fn compute(&self, before: Option<&dyn Any>) -> Kept;
}

struct Computing<F, T>(F, PhantomData<fn() -> T>);

impl<F: Fn(Option<&T>) -> T, T: 'static> Compute for Computing<F, T> {
    fn compute(&self, before: Option<&dyn Any>) -> Kept {
        keep(Box::new((self.0)(before.and_then(<dyn Any>::downcast_ref))))
    }
}

fn remember(compute: Box<dyn Compute>, same: fn(&dyn Any, &dyn Any) -> bool) -> Key {
    let compute = SendWrapper::new(compute);
    Key::new(Source::Memo(ArcMemo::new(move |before: Option<&Remembered>| {
        let value = compute.compute(before.map(|before| &***before.value));
        Remembered { value: SendWrapper::new(value), same }
    })))
}

impl<T: 'static> StoredValue<T> {
    /// Keeps a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        StoredValue(Key::stored(keep(Box::new(value))), PhantomData)
    }

    /// Keeps a value that stays in this thread, as all do here.
    #[must_use]
    pub fn new_local(value: T) -> Self {
        StoredValue::new(value)
    }

    /// A copy of the value.
    #[must_use]
    pub fn get_value(&self) -> T
    where
        T: Clone,
    {
        copy(self.0, false)
    }

    /// A copy of the value, if its owner lives.
    #[must_use]
    pub fn try_get_value(&self) -> Option<T>
    where
        T: Clone,
    {
        try_copy(self.0, false)
    }

    /// Reads the value.
    pub fn with_value<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        read(self.0.must(false), look)
    }

    /// Reads the value, if its owner lives.
    pub fn try_with_value<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
        self.0.read(false).map(|kept| read(kept, look))
    }

    /// Sets the value. Nothing happens when its owner has ended.
    pub fn set_value(&self, value: T) {
        self.0.put(keep(Box::new(value)));
    }

    /// Sets the value; gives it back when its owner has ended.
    pub fn try_set_value(&self, value: T) -> Option<T> {
        self.0.set(value)
    }

    /// Changes the value. Nothing happens when its owner has ended.
    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        let _ = self.0.update(change);
    }

    /// Changes the value, if its owner lives.
    pub fn try_update_value<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.0.update(change)
    }
}

/// Runs after the present step, and again whenever something that it has read changes, until its owner ends.
#[derive(Clone, Copy, Debug)]
pub struct Effect;

impl Effect {
    /// An effect. The function may take what it returned the last time.
    #[expect(clippy::new_ret_no_self, reason = "there is nothing to do with an effect but to make it")]
    pub fn new<T: 'static, M: 'static>(run: impl EffectFunction<T, M> + 'static) {
        effect(Box::new(Running { run, before: None, kind: PhantomData }));
    }
}

/// What an effect does; a trait of its own for the reason that [`Derive`] is one.
trait Run {
    fn run(&mut self);
}

struct Running<F, T, M> {
    run: F,
    before: Option<T>,
    kind: PhantomData<fn() -> M>,
}

impl<F: EffectFunction<T, M>, T, M> Run for Running<F, T, M> {
    fn run(&mut self) {
        self.before = Some(self.run.run(self.before.take()));
    }
}

fn effect(mut run: Box<dyn Run>) {
    let _ = reactive_graph::effect::Effect::new(move || run.run());
}
