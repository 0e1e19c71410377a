"""An answer as the lines of its parts."""


def parts(answer):
    """The texts of each section, by its label."""
    return {part.label: [line.text for line in part.lines] for part in answer.sections}
