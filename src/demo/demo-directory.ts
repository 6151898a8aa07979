export function demoDirectory(_tx: unknown): Promise<object> {
  return Promise.resolve({});
}
