//! The classes that the core itself needs: functions, symbols, errors and iterators. All others are in `library`.

pub mod error;
pub mod function;
mod iterator;
mod symbol;

use crate::native::NativeClass;
use crate::realm::Class;

pub fn class(class: Class) -> Option<&'static NativeClass> {
    Some(match class {
        Class::Function => &function::CLASS,
        Class::Symbol => &symbol::CLASS,
        Class::Error => &error::ERROR,
        Class::TypeError => &error::TYPE_ERROR,
        Class::RangeError => &error::RANGE_ERROR,
        Class::ReferenceError => &error::REFERENCE_ERROR,
        Class::SyntaxError => &error::SYNTAX_ERROR,
        Class::EvalError => &error::EVAL_ERROR,
        Class::UriError => &error::URI_ERROR,
        Class::Iterator => &iterator::ITERATOR,
        Class::ArrayIterator => &iterator::ARRAY_ITERATOR,
        Class::StringIterator => &iterator::STRING_ITERATOR,
        Class::MapIterator => &iterator::MAP_ITERATOR,
        Class::SetIterator => &iterator::SET_ITERATOR,
        _ => return None,
    })
}
