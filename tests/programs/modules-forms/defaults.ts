export default function () {
  return "anonymous default";
}
export function helper() {
  return "helper";
}
export const lambda = () => 1;
export { Renamed as Named };
class Renamed {
  hello() {
    return "hello from " + this.constructor.name;
  }
}
