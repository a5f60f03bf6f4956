// A list of words that the build puts in as text.
declare module "*.txt" {
  const text: string;
  export default text;
}
