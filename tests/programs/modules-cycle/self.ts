import * as ownNamespace from "./self";
import { self as alias } from "./self";
export const self = { name: "self" };
export class Self {
  static self = alias;
  static get total() {
    return Object.keys(ownNamespace).length;
  }
}
