// Enums: numeric with reverse names, string, mixed, computed members, as types and as objects.

enum Direction {
  Up,
  Down,
  Left = 10,
  Right,
}
console.log(Direction.Up, Direction.Down, Direction.Left, Direction.Right, Direction[0], Direction[11], Direction["Left"], (Direction as any)[5]);
console.log(Direction, typeof Direction, Object.keys(Direction), Object.values(Direction).filter((value) => typeof value === "number"));

enum Color {
  Red = "RED",
  Green = "GREEN",
  Blue = `BL${"UE"}`,
}
console.log(Color.Red, Color, (Color as any).RED, Object.entries(Color), Color.Green === ("GREEN" as any), `${Color.Blue}`);

enum Flag {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
  Execute = 1 << 2,
  All = Read | Write | Execute,
  Negative = -1,
  Length = "four".length,
  Next = Length + 1,
}
let permission: Flag = Flag.Read | Flag.Write;
console.log(permission, (permission & Flag.Write) !== 0, Flag[permission & Flag.Execute], Flag[7], Flag.All, Flag[-1], Flag.Length, Flag.Next, Flag[5]);
permission &= ~Flag.Read;
permission |= Flag.Execute;
console.log(permission, Flag);

enum Mixed {
  A,
  B = "b",
  C = 5,
  D,
  "quoted-name" = 9,
  Same = A,
}
console.log(Mixed, Mixed["quoted-name"], Mixed.Same, Mixed[0], Mixed.D);

const enum Level {
  Low = 1,
  Middle,
  High = Low + Middle + 5,
}
console.log(Level.Low, Level.Middle, Level.High, [Level.Low, Level.High].map((level) => level * 2));

// In a switch, as a key, as a parameter, inside a function, exported.
function name(direction: Direction): string {
  switch (direction) {
    case Direction.Up:
    case Direction.Down:
      return "vertical " + Direction[direction].toLowerCase();
    case Direction.Left:
      return "left";
    default:
      return `other ${direction}`;
  }
}
console.log([Direction.Up, Direction.Down, Direction.Left, Direction.Right].map(name));
const labels: Record<Color, string> = { [Color.Red]: "stop", [Color.Green]: "go", [Color.Blue]: "?" };
const weights = new Map<Direction, number>([[Direction.Up, 3], [Direction.Right, 4]]);
console.log(labels[Color.Green], labels, weights.get(Direction.Right), weights);
function local() {
  enum Inner {
    X = "x",
    Y = X + "y",
  }
  return Inner;
}
console.log(local(), local() === local(), local().Y);
export enum Exported {
  Yes = 1,
  No = 0,
}
class Light {
  state: Color = Color.Red;
  static readonly order = [Color.Red, Color.Green, Color.Blue];
  next() {
    this.state = Light.order[(Light.order.indexOf(this.state) + 1) % Light.order.length];
    return this;
  }
}
console.log(new Light().next(), new Light().next().next().next().state, Exported.Yes ? "yes" : "no", Exported[Exported.No]);
for (const key in Direction) if (!isNaN(Number(key))) console.log(key, Direction[key]);
