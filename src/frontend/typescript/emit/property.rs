//! Reading and writing properties: access sites that remember a shape, array elements, lengths.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::data::Access;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::value::{MEMORY, Operand};
use crate::frontend::typescript::hir::{Expr, FunctionKind};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};

/// A property name in source.
#[derive(Clone, Copy)]
pub struct Name<'a>(pub &'a str);

impl<'a> FunctionEmitter<'_, 'a> {
    /// The object's address, where its shape is the one that `field` of the site remembers; else goes to `miss`.
    pub fn of_shape(&mut self, object: Value, site: Value, field: i32, miss: Block) -> Value {
        let is_object = self.has_tag(object, abi::TAG_OBJECT);
        let next = self.b.create_block();
        self.branch(is_object, next, miss);
        self.enter(next);
        let pointer = self.pointer(object, abi::TAG_OBJECT);
        let shape = self.load(types::I64, pointer, abi::OBJECT_SHAPE);
        let remembered = self.load(types::I64, site, field);
        let hit = self.b.ins().icmp(IntCC::Equal, shape, remembered);
        let next = self.b.create_block();
        self.branch(hit, next, miss);
        self.enter(next);
        pointer
    }

    /// The address of an object's property slots, where its shape is the one that the site remembers; else goes to
    /// `miss`.
    fn slots(&mut self, object: Value, site: Value, miss: Block) -> Value {
        let pointer = self.of_shape(object, site, abi::SITE_SHAPE, miss);
        self.load(types::I64, pointer, abi::OBJECT_SLOTS)
    }

    pub fn get_named(&mut self, object: Value, name: Name<'_>) -> Emitted<Value> {
        let site = self.site(Access::Get, name.0);
        if self.unit.small {
            return self.runtime("kt_get_site", &[object, site]);
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        let slots = self.slots(object, site, miss);
        let offset = self.load(types::I64, site, abi::SITE_OFFSET);
        let address = self.b.ins().iadd(slots, offset);
        let value = self.load(types::I64, address, 0);
        self.jump(done, &[value]);
        self.enter(miss);
        let slow = self.runtime("kt_get_site", &[object, site])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// `object.name = value`.
    pub fn set(&mut self, object: &'a Expr, name: &'a str, value: &'a Expr) -> Emitted<Operand> {
        let object = self.value(object)?;
        let value = self.expr(value)?;
        let bits = self.boxed(value);
        let site = self.site(Access::Set, name);
        if self.unit.small {
            self.runtime("kt_set_site", &[object, bits, site])?;
            return Ok(value);
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let slots = self.slots(object, site, miss);
        let offset = self.load(types::I64, site, abi::SITE_OFFSET);
        let address = self.b.ins().iadd(slots, offset);
        self.store(bits, address, 0);
        self.jump(done, &[]);
        self.enter(miss);
        self.runtime("kt_set_site", &[object, bits, site])?;
        self.jump(done, &[]);
        self.enter(done);
        Ok(value)
    }

    /// Makes the field `name` of `this` in a constructor.
    pub fn define_field(
        &mut self,
        object: Value,
        name: &'a str,
        value: &'a Expr,
    ) -> Emitted<Operand> {
        let value = self.value(value)?;
        let site = self.site(Access::Define, name);
        // In a base class `this` was made with room for all fields, so that adding one is a matter of the shape alone.
        let roomy = matches!(self.function.kind, FunctionKind::Constructor { derived: false, class }
            if self.unit.class(class).field_types.iter().any(|(field, _)| field == name));
        if self.unit.small || !roomy {
            self.runtime("kt_define_site", &[object, value, site])?;
            return Ok(self.undefined());
        }
        let (miss, hit, done) = (self.cold(), self.b.create_block(), self.b.create_block());
        let pointer = self.pointer(object, abi::TAG_OBJECT);
        let shape = self.load(types::I64, pointer, abi::OBJECT_SHAPE);
        let remembered = self.load(types::I64, site, abi::SITE_METHOD_SHAPE);
        let same = self.b.ins().icmp(IntCC::Equal, shape, remembered);
        self.branch(same, hit, miss);
        self.enter(hit);
        let slots = self.load(types::I64, pointer, abi::OBJECT_SLOTS);
        let offset = self.load(types::I64, site, abi::SITE_OFFSET);
        let address = self.b.ins().iadd(slots, offset);
        self.store(value, address, 0);
        let after = self.load(types::I64, site, abi::SITE_VALUE);
        self.store(after, pointer, abi::OBJECT_SHAPE);
        self.jump(done, &[]);
        self.enter(miss);
        self.runtime("kt_define_site", &[object, value, site])?;
        self.jump(done, &[]);
        self.enter(done);
        Ok(self.undefined())
    }

    /// The length of an array or string, as `i64`; goes to `other` for anything else, sparse arrays
    /// included.
    fn inline_length(&mut self, object: Value, other: Block) -> Value {
        let (array, text, maybe, done) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let pointer = self.b.append_block_param(array, types::I64);
        let result = self.b.append_block_param(done, types::I64);
        self.branch_on_array(object, array, maybe);
        self.enter(array);
        let length = self.array_length(pointer);
        self.jump(done, &[length]);
        self.enter(maybe);
        let is_string = self.has_tag(object, abi::TAG_STRING);
        self.branch(is_string, text, other);
        self.enter(text);
        let pointer = self.pointer(object, abi::TAG_STRING);
        let length = self.b.ins().uload32(MEMORY, pointer, abi::STRING_LENGTH);
        self.jump(done, &[length]);
        self.enter(done);
        result
    }

    pub fn get_length(&mut self, object: Value) -> Emitted<Value> {
        if self.unit.small {
            return self.get_named(object, Name("length"));
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        let length = self.inline_length(object, miss);
        let length = self.boxed(Operand::Int(length));
        self.jump(done, &[length]);
        self.enter(miss);
        let site = self.site(Access::Get, "length");
        let slow = self.runtime("kt_get_site", &[object, site])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// ToNumber of `object.length`, as a double.
    pub fn get_length_number(&mut self, object: Value) -> Emitted<Value> {
        if self.unit.small {
            let length = self.get_named(object, Name("length"))?;
            return self.number_of(Operand::Boxed(length));
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::F64);
        let length = self.inline_length(object, miss);
        let length = self.b.ins().fcvt_from_sint(types::F64, length);
        self.jump(done, &[length]);
        self.enter(miss);
        let site = self.site(Access::Get, "length");
        let slow = self.runtime("kt_get_site", &[object, site])?;
        let slow = self.runtime("kt_to_number", &[slow])?;
        let slow = self.unboxed(slow);
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// The address of the element that an index names, where the object is an array and the index is within it; else
    /// goes to `miss`.
    fn element(&mut self, object: Value, index: Operand, miss: Block) -> Value {
        let index = match index {
            Operand::Int(index) => index,
            Operand::Constant(value) => self.b.ins().iconst(types::I64, value as i64),
            Operand::Boxed(value) => {
                let is_number = self.is_number(value);
                let next = self.b.create_block();
                self.branch(is_number, next, miss);
                self.enter(next);
                let value = self.unboxed(value);
                self.integer(value, miss)
            }
            Operand::Number(value) => self.integer(value, miss),
            Operand::Boolean(_) => unreachable!("booleans are boxed before they are used as keys"),
        };
        let array = self.b.create_block();
        let pointer = self.b.append_block_param(array, types::I64);
        self.branch_on_array(object, array, miss);
        self.enter(array);
        let length = self.array_length(pointer);
        let within = self.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
        let next = self.b.create_block();
        self.branch(within, next, miss);
        self.enter(next);
        self.array_element(pointer, index)
    }

    /// The integer that a double is; goes to `miss` if it is none.
    fn integer(&mut self, value: Value, miss: Block) -> Value {
        let integer = self.b.ins().fcvt_to_sint_sat(types::I64, value);
        let back = self.b.ins().fcvt_from_sint(types::F64, integer);
        let same = self.is_ordered_equal(back, value);
        let next = self.b.create_block();
        self.branch(same, next, miss);
        self.enter(next);
        integer
    }

    /// An index in a form that [`Self::element`] takes, and that is not evaluated again.
    fn index(&mut self, index: &'a Expr) -> Emitted<Operand> {
        Ok(match self.expr(index)? {
            Operand::Constant(value)
                if value.fract() != 0.0
                    || !(0.0..4e9).contains(&value)
                    || value.is_sign_negative() =>
            {
                Operand::Boxed(self.bits(value.to_bits()))
            }
            boolean @ Operand::Boolean(_) => Operand::Boxed(self.boxed(boolean)),
            other => other,
        })
    }

    pub fn get_index(&mut self, object: &'a Expr, index: &'a Expr) -> Emitted<Operand> {
        let object = self.value(object)?;
        if super::operator::is_string(index) {
            let key = self.value(index)?;
            return Ok(Operand::Boxed(self.runtime("kt_get", &[object, key])?));
        }
        let index = self.index(index)?;
        Ok(Operand::Boxed(self.get_element(object, index)?))
    }

    /// `object[index]`.
    pub fn get_element(&mut self, object: Value, index: Operand) -> Emitted<Value> {
        if self.unit.small {
            let key = self.boxed(index);
            return self.runtime("kt_get", &[object, key]);
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        let place = self.element(object, index, miss);
        let value = self.load(types::I64, place, 0);
        let hole = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
        self.b
            .ins()
            .brif(hole, miss, &[], done, &[BlockArg::Value(value)]);
        self.enter(miss);
        let key = self.boxed(index);
        let slow = self.runtime("kt_get", &[object, key])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// `object[index] = value`.
    pub fn set_index(
        &mut self,
        object: &'a Expr,
        index: &'a Expr,
        value: &'a Expr,
    ) -> Emitted<Operand> {
        let object = self.value(object)?;
        let text = super::operator::is_string(index);
        let index = self.index(index)?;
        let value = self.expr(value)?;
        let bits = self.boxed(value);
        if text || self.unit.small {
            let key = self.boxed(index);
            self.runtime("kt_set", &[object, key, bits])?;
            return Ok(value);
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let place = self.element(object, index, miss);
        self.store(bits, place, 0);
        self.jump(done, &[]);
        self.enter(miss);
        let key = self.boxed(index);
        self.runtime("kt_set", &[object, key, bits])?;
        self.jump(done, &[]);
        self.enter(done);
        Ok(value)
    }
}
