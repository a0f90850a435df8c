import { shared } from "./shared";
import "./nested/deep";
console.log("a", shared.join(" "));
shared.push("a");
