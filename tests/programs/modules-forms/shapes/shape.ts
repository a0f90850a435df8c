export interface Shape {
  readonly name: string;
  area(): number;
}
export type Unused = string;
export function describe(shape: Shape): string {
  return `${shape.name}: ${areaOf(shape)}`;
}
export const areaOf = (shape: Shape) => Math.round(shape.area() * 100) / 100;
export default "not re-exported by a star";
