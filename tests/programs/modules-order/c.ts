import { shared } from "./shared";
console.log("c");
shared.push("c");
export const c = 1;
