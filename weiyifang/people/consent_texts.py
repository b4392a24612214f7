"""The words people are asked to agree to, as a start; a community publishes its own (`publish_consent_text`).

They are content, written in Chinese like a notice on the door, and not translated: what was agreed to is what was read.
Source of what must be said: 个人信息保护法 art. 14, 15, 17, 29, 30 and 31.
"""

from __future__ import annotations

from weiyifang.people.models import Purpose

STANDARD: dict[str, str] = {
    Purpose.REGISTER: (
        "我同意社区居委会在居民名册里记我的姓名、性别、出生日期、住址和电话，用来通知我、安排服务、在有事时找到我。"
        "只有社区工作人员能看，电话平时遮住，谁看过都有记录，我自己随时能查。"
        "我搬走或者不再同意，就不再使用；我也可以要求全部删掉。"
    ),
    Purpose.MESSAGES: (
        "我同意社区用短信或微信把我报名的活动、预约和服务的消息发给我。不发广告，不给别人用。我随时可以说不要了，不影响我报名。"
    ),
    Purpose.PHOTOS: (
        "我同意社区在报道活动时使用拍到我的照片。发出以前我可以先看；发出以后我不愿意了，社区会撤下来。不同意也照样参加活动。"
    ),
    Purpose.VOLUNTEERING: (
        "我愿意做志愿者。我同意社区记我会做什么、什么时候有空、加入了哪支服务队、给谁看过什么证件（只记种类和有效期，不留号码和复印件）、"
        "服务了多少时间。社区工作人员和我所在服务队的队长能看，用来安排服务、保证安全、给我开证明。"
        "光荣榜上写不写我的名字，我另外决定。我随时可以不做了；做过的时间还算数。"
        "未满十八周岁的，由监护人来同意。"
    ),
    Purpose.TALENTS: (
        "我愿意在社区的能人榜上。我同意本社区的居民和社区工作人员看到我的姓名、我会做什么和我写的话，有事可以通过平台来请我。"
        "电话不公开：答应了谁，要不要给谁看，由我每次自己定。收到的感谢，我同意了才给大家看，随时可以撤。"
        "不是本社区的人看不到。我随时可以下榜，不再同意，马上就看不到了。"
        "未满十八周岁的，由监护人来同意。"
    ),
    Purpose.SENSITIVE: (
        "我同意社区在办理助餐、照护、家庭医生这些服务时，使用我的身份证号、健康和饮食情况，而且只给办这件事的人看。"
        "这些是敏感信息：存的时候加密，每看一次都要写原因、留记录。"
        "我可以不同意，那需要这些信息的服务可能办不了，别的服务不受影响。"
        "未满十四周岁的，由监护人来同意。"
    ),
}
