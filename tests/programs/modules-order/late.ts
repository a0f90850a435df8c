console.log("late");
export const late = "late";
export function helper() {
  return "helper";
}
