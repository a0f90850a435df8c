// Cyclic imports: functions work across the cycle from the start, variables only once they are evaluated.

import { isEven, parityLog } from "./even";
import { isOdd } from "./odd";
import { Parent, registry } from "./parent";
import { Child } from "./child";
import { self, Self } from "./self";
import * as left from "./left";

console.log("main");
console.log(isEven(10), isOdd(7), isEven(7), isOdd(0), parityLog.join(" "));
const family = new Child("kid", new Parent("mum"));
console.log(family.describe(), family instanceof Parent, registry, Parent.make("made").describe());
console.log(self.name, self === Self.self, Self.total);
console.log(left.value, left.right.value, left.right.left.value, left.right.left === left, left.seen);
