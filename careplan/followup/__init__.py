"""What has become of one person between assessments: scores, goals, and every recommendation of the plans."""

from careplan.followup.goals import GoalReview
from careplan.followup.person import differences
from careplan.followup.recommendations import AnswerChange, Followed
from careplan.followup.review import Review, review
from careplan.followup.steps import Advice, Step, Steps, builtin_steps, read_steps
from careplan.followup.trends import Comparison, Judged, Point, Trend, Verdict, trends
from careplan.followup.visit import Visit

__all__ = [
    "Advice",
    "AnswerChange",
    "Comparison",
    "Followed",
    "GoalReview",
    "Judged",
    "Point",
    "Review",
    "Step",
    "Steps",
    "Trend",
    "Verdict",
    "Visit",
    "builtin_steps",
    "differences",
    "read_steps",
    "review",
    "trends",
]
