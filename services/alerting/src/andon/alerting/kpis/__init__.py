"""How good the alarms themselves are: the figures of ISA-18.2 section 16 and EEMUA 191, from the journal."""
