import "./c";
import "./a";
import { shared } from "./shared";
console.log("b");
shared.push("b");
export const b = shared.length;
