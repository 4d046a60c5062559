//! `json!`.

/// A value written as JSON, with expressions in it.
#[macro_export]
macro_rules! json {
    (null) => { $crate::Value::Null };
    ([ $($items:tt)* ]) => {{
        #[allow(unused_mut, reason = "a list can be empty")]
        let mut items = Vec::new();
        $crate::json_items!(items $($items)*);
        $crate::Value::Array(items)
    }};
    ({ $($members:tt)* }) => {{
        #[allow(unused_mut, reason = "an object can be empty")]
        let mut members = $crate::Map::new();
        $crate::json_members!(members $($members)*);
        $crate::Value::Object(members)
    }};
    ($value:expr) => { $crate::ToJson::to_json(&$value) };
}

/// The items of a list, one by one. What is JSON inside JSON comes first: it is no expression.
#[doc(hidden)]
#[macro_export]
macro_rules! json_items {
    ($list:ident) => {};
    ($list:ident null $(, $($more:tt)*)?) => { $crate::json_items!(@ $list (null) $($($more)*)?) };
    ($list:ident [ $($inside:tt)* ] $(, $($more:tt)*)?) => {
        $crate::json_items!(@ $list ([ $($inside)* ]) $($($more)*)?)
    };
    ($list:ident { $($inside:tt)* } $(, $($more:tt)*)?) => {
        $crate::json_items!(@ $list ({ $($inside)* }) $($($more)*)?)
    };
    ($list:ident $value:expr $(, $($more:tt)*)?) => { $crate::json_items!(@ $list ($value) $($($more)*)?) };
    (@ $list:ident ($($value:tt)*) $($more:tt)*) => {
        $list.push($crate::json!($($value)*));
        $crate::json_items!($list $($more)*);
    };
}

/// The members of an object, one by one.
#[doc(hidden)]
#[macro_export]
macro_rules! json_members {
    ($object:ident) => {};
    ($object:ident $name:tt : null $(, $($more:tt)*)?) => {
        $crate::json_members!(@ $object $name (null) $($($more)*)?)
    };
    ($object:ident $name:tt : [ $($inside:tt)* ] $(, $($more:tt)*)?) => {
        $crate::json_members!(@ $object $name ([ $($inside)* ]) $($($more)*)?)
    };
    ($object:ident $name:tt : { $($inside:tt)* } $(, $($more:tt)*)?) => {
        $crate::json_members!(@ $object $name ({ $($inside)* }) $($($more)*)?)
    };
    ($object:ident $name:tt : $value:expr $(, $($more:tt)*)?) => {
        $crate::json_members!(@ $object $name ($value) $($($more)*)?)
    };
    (@ $object:ident $name:tt ($($value:tt)*) $($more:tt)*) => {
        $object.put(&$name, $crate::json!($($value)*));
        $crate::json_members!($object $($more)*);
    };
}
