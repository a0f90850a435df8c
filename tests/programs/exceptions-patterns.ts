// The messages of faults in destructuring, spreading and iterating: they name the value as it is written.

const nothing: any = undefined;
const empty: any = null;
const object: any = { name: "object", inner: {}, nothing: null };
const number: any = 42;

const faults: [string, () => unknown][] = [
  ["iteration of undefined", () => { for (const x of nothing) x; }],
  ["iteration of a number", () => { for (const x of number) x; }],
  ["iteration of an object", () => { for (const x of object) x; }],
  ["spread of undefined in an array", () => [...nothing]],
  ["destructuring of undefined", () => { const { property } = nothing; return property; }],
  ["destructuring of null", () => { const { property } = empty; return property; }],
  ["array pattern of undefined", () => { const [first] = nothing; return first; }],
  ["array pattern of an object", () => { const [first] = object; return first; }],
  ["iteration of a member", () => { for (const x of object.inner) x; }],
  ["spread of an object in an array", () => [...object.inner]],
  ["spread of undefined in a call", () => Math.max(...nothing)],
  ["parameter pattern", () => (({ width }: any) => width)(undefined)],
  ["parameter array pattern", () => (([first]: any) => first)(null)],
  ["nested pattern", () => { const { nothing: { deep } } = object; return deep; }],
  ["assignment pattern", () => { let a; ({ a } = nothing); return a; }],
  ["empty pattern", () => { const {} = empty; }],
  ["pattern with rest", () => { const { ...rest } = nothing; return rest; }],
  ["pattern of a call", () => { const { a } = (() => null as any)(); return a; }],
];
for (const [label, fault] of faults) {
  try {
    console.log(label, "=> no fault:", fault());
  } catch (error) {
    console.log(label, "=>", (error as Error).name + ":", (error as Error).message);
  }
}
