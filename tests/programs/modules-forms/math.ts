export const PI = 3.14159;
export function square(x: number): number {
  return x * x;
}
const cubed = (x: number) => x * square(x);
export { cubed as cube };
export default function circleArea(radius: number): number {
  return PI * square(radius);
}
export let counter = { value: 0 };
export function bump() {
  return ++counter.value;
}
