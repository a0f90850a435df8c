let current = "before";
export default current;
export { current };
export const change = () => (current = "after");
