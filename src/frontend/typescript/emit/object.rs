//! What makes objects: literals, arrays, closures and classes.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{
    ArrayElement, Binding, Capture, ClassId, Expr, FunctionId, Key, MemberKind, Property,
};
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// Kinds that `kt_define_method` takes.
const METHOD: i64 = 0;
const GETTER: i64 = 1;
const SETTER: i64 = 2;

impl<'a> FunctionEmitter<'_, 'a> {
    fn word(&mut self, value: i64) -> Value {
        self.b.ins().iconst(types::I64, value)
    }

    pub fn array(&mut self, elements: &'a [ArrayElement]) -> Emitted<Operand> {
        let plain = elements
            .iter()
            .position(|element| matches!(element, ArrayElement::Spread(_)))
            .unwrap_or(elements.len());
        let mut values = Vec::new();
        for element in &elements[..plain] {
            values.push(match element {
                ArrayElement::Value(value) => self.value(value)?,
                ArrayElement::Hole | ArrayElement::Spread(_) => self.bits(abi::EMPTY),
            });
        }
        let count = self.word(values.len() as i64);
        let values = self.outgoing(&values);
        let array = self.runtime("kt_array_new", &[count, values])?;
        for element in &elements[plain..] {
            match element {
                ArrayElement::Value(value) => {
                    let value = self.value(value)?;
                    self.runtime("kt_array_push", &[array, value])?;
                }
                ArrayElement::Spread(value) => self.spread(array, value, false)?,
                ArrayElement::Hole => {
                    let empty = self.bits(abi::EMPTY);
                    self.runtime("kt_array_push", &[array, empty])?;
                }
            }
        }
        Ok(Operand::Boxed(array))
    }

    pub fn object(&mut self, properties: &'a [Property]) -> Emitted<Operand> {
        // The leading plain properties make the first shape at once; the rest is added one by one.
        let mut keys: Vec<&'a str> = Vec::new();
        let mut values = Vec::new();
        for property in properties {
            match property {
                Property::Value(Key::Name(name), value)
                    if name != "__proto__" && !keys.contains(&name.as_str()) =>
                {
                    values.push(self.value(value)?);
                    keys.push(name);
                }
                _ => break,
            }
        }
        let object = if keys.is_empty() {
            self.runtime("kt_object_new", &[])?
        } else {
            let literal = self.unit.data.literal(&keys);
            let literal = self.place(literal);
            let values = self.outgoing(&values);
            self.runtime("kt_object_literal", &[literal, values])?
        };
        for property in &properties[keys.len()..] {
            match property {
                Property::Value(key, value) => {
                    let key = self.key(key)?;
                    let value = self.value(value)?;
                    self.runtime("kt_define", &[object, key, value])?;
                }
                Property::Method(key, function) => {
                    self.define_method(object, key, *function, METHOD, true)?
                }
                Property::Getter(key, function) => {
                    self.define_method(object, key, *function, GETTER, true)?
                }
                Property::Setter(key, function) => {
                    self.define_method(object, key, *function, SETTER, true)?
                }
                Property::Spread(value) => {
                    let value = self.value(value)?;
                    self.runtime("kt_copy_properties", &[object, value])?;
                }
            }
        }
        Ok(Operand::Boxed(object))
    }

    fn define_method(
        &mut self,
        target: Value,
        key: &'a Key,
        function: FunctionId,
        kind: i64,
        enumerable: bool,
    ) -> Emitted<()> {
        let key = self.key(key)?;
        let function = self.closure(function)?;
        let (kind, enumerable) = (self.word(kind), self.word(i64::from(enumerable)));
        self.runtime(
            "kt_define_method",
            &[target, key, function, kind, enumerable],
        )?;
        Ok(())
    }

    /// The values that a closure of `function` captures: their number and the address of an array of them.
    fn captures(&mut self, function: FunctionId) -> Emitted<(Value, Value)> {
        let function = self.unit.function(function);
        let mut values = Vec::new();
        for capture in &function.captures {
            values.push(match capture {
                Capture::Local(local) => self.captured(*local),
                Capture::Outer(index) => self.capture_bits(*index),
                Capture::This => self.b.use_var(self.this),
                Capture::NewTarget => self.new_target,
                Capture::Callee => self.callee,
            });
        }
        let count = self.word(values.len() as i64);
        Ok((count, self.outgoing(&values)))
    }

    pub fn closure(&mut self, function: FunctionId) -> Emitted<Value> {
        let record = self.unit.record(function)?;
        let (count, captures) = self.captures(function)?;
        let record = self.place(record);
        self.runtime("kt_closure", &[record, count, captures])
    }

    pub fn class(&mut self, id: ClassId, parent: Option<&'a Expr>) -> Emitted<Operand> {
        let class = self.unit.class(id);
        let parent = match parent {
            Some(parent) => self.value(parent)?,
            None => self.bits(abi::EMPTY),
        };
        let record = self.unit.record(class.constructor)?;
        let (count, captures) = self.captures(class.constructor)?;
        let record = self.place(record);
        let object = self.runtime("kt_class", &[record, parent, count, captures])?;
        let prototype = self.runtime("kt_class_prototype", &[object])?;
        for member in &class.members {
            let target = if member.is_static { object } else { prototype };
            let kind = match member.kind {
                MemberKind::Method => METHOD,
                MemberKind::Getter => GETTER,
                MemberKind::Setter => SETTER,
                MemberKind::StaticField | MemberKind::StaticBlock => continue,
            };
            self.define_method(target, &member.key, member.function, kind, false)?;
        }
        match class.binding {
            Some(Binding::Local(local)) => self.init_local(local, Operand::Boxed(object))?,
            Some(Binding::Global(global)) => self.store_global(global, Operand::Boxed(object))?,
            None => {}
        }
        for member in &class.members {
            let field = match member.kind {
                MemberKind::StaticField => true,
                MemberKind::StaticBlock => false,
                MemberKind::Method | MemberKind::Getter | MemberKind::Setter => continue,
            };
            let key = if field {
                Some(self.key(&member.key)?)
            } else {
                None
            };
            let function = self.closure(member.function)?;
            let none = self.word(0);
            let value = self.runtime("kt_call", &[function, object, none, none])?;
            if let Some(key) = key {
                self.runtime("kt_define", &[object, key, value])?;
            }
        }
        Ok(Operand::Boxed(object))
    }
}
