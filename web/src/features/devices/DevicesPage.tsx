export function DevicesPage() { return <p>Devices</p>; }
