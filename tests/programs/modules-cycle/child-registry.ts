import { Parent } from "./parent";
import { Child } from "./child";
let early = "not tried";
try {
  early = new Parent("too early").name;
} catch (error) {
  early = (error as Error).message;
}
console.log("registry evaluated:", early);
export function register(name: string): Parent {
  return new Child(name, new Parent("of " + name));
}
