// Imported bindings are live: a change in the exporting module shows in every importer, through every form of import.

import { count, increment, reset, settings, list, replace, later, setLater, Kind } from "./counter";
import * as counter from "./counter";
import { count as renamed, total } from "./relay";
import initial, { current, change } from "./default";

console.log(count, renamed, counter.count);
increment();
increment(5);
console.log(count, renamed, counter.count, total());
const copy = count;
increment();
console.log(copy, count, [count, renamed, counter.count].join());
const read = () => count * 10;
reset();
console.log(read(), renamed, total());

// Objects are shared, bindings are not assignable from outside.
settings.mode = "changed";
list.push(3);
console.log(counter.settings, counter.list, list === counter.list);
replace();
console.log(settings, list, list === counter.list);

// An exported variable without a value yet, an exported var, and functions that are replaced.
console.log(later, counter.later);
setLater("now");
console.log(later, `${counter.later}!`, Kind, Kind[Kind.B]);
for (let i = 0; i < 3; i++) increment(i);
console.log(count, counter.steps);

// `export default expression` is a snapshot, `export { x }` is not.
console.log(initial, current);
change();
console.log(initial, current);
