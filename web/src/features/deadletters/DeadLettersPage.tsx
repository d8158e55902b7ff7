export function DeadLettersPage() { return <p>DeadLetters</p>; }
