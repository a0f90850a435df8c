// Modules are evaluated once, depth first, in the order of their import declarations, before the importer's body.

console.log("main starts", typeof helper);
import "./a";
import { b } from "./b";
console.log("main continues", b, shared.join(" "));
import { shared } from "./shared";
export { c } from "./c";
import * as d from "./d";

shared.push("main");
console.log(shared.join(" "), d.value, hoisted());
function hoisted() {
  return "hoisted " + late;
}
import { late, helper } from "./late";
console.log(helper());
